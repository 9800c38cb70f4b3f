// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.PeerConnectionFactory
import dev.onvoid.webrtc.media.audio.AudioOptions
import dev.onvoid.webrtc.media.audio.AudioTrack
import dev.onvoid.webrtc.media.audio.AudioTrackSource
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule

/** The WebRTC of one phone: its microphone hears [mouth], its loudspeaker nobody. */
class Device(mouth: Mouth) : AutoCloseable {
    private val sound = HeadlessAudioDeviceModule()
    val factory = PeerConnectionFactory(sound)
    private val source: AudioTrackSource

    /** To be sent; while it is not enabled, that is silence. */
    val microphone: AudioTrack

    init {
        // The source replaces whoever takes the sound as well, but not while the device records.
        sound.initRecording()
        sound.startRecording()
        sound.setAudioSource(mouth)
        // A tone is neither echo nor noise.
        source = factory.createAudioSource(AudioOptions())
        microphone = factory.createAudioTrack("microphone", source)
    }

    override fun close() {
        sound.stopRecording()
        factory.dispose()
        sound.dispose()
    }
}
