// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import android.content.Context
import org.intercomd.phone.words.VideoCodec
import org.webrtc.DefaultVideoDecoderFactory
import org.webrtc.EglBase
import org.webrtc.MediaConstraints
import org.webrtc.PeerConnectionFactory
import org.webrtc.audio.JavaAudioDeviceModule

/**
 * The WebRTC of the process, there from the first session on. It sends silence without the
 * microphone being open. Used on the thread of media, but for [egl].
 */
class WebRtc(
    context: Context,
    /** The microphone was to be open and is not; on any thread. */
    private val onMicrophoneFault: (String) -> Unit,
) : Microphone {
    private val application = context.applicationContext

    /** What pictures are decoded to and shown from. */
    val egl: EglBase by lazy { EglBase.create() }

    private val audio by lazy {
        val hasCanceller = JavaAudioDeviceModule.isBuiltInAcousticEchoCancelerSupported()
        val hasSuppressor = JavaAudioDeviceModule.isBuiltInNoiseSuppressorSupported()
        JavaAudioDeviceModule.builder(application)
            .setUseHardwareAcousticEchoCanceler(hasCanceller)
            .setUseHardwareNoiseSuppressor(hasSuppressor)
            .setAudioRecordErrorCallback(Faults())
            .createAudioDeviceModule()
            .apply { setAudioRecordEnabled(false) }
    }
    private val decoders by lazy { DefaultVideoDecoderFactory(egl.eglBaseContext) }

    internal val factory: PeerConnectionFactory by lazy {
        PeerConnectionFactory.initialize(
            PeerConnectionFactory.InitializationOptions.builder(application)
                .createInitializationOptions(),
        )
        PeerConnectionFactory.builder()
            .setAudioDeviceModule(audio)
            .setVideoDecoderFactory(decoders)
            .createPeerConnectionFactory()
    }
    internal val source by lazy { factory.createAudioSource(MediaConstraints()) }

    val decodable: List<VideoCodec> by lazy {
        // Before it there is no native library that could be asked.
        checkNotNull(factory)
        codecs(decoders.supportedCodecs.map { it.name })
    }

    override fun open(isOpen: Boolean) = audio.setAudioRecordEnabled(isOpen)

    private inner class Faults : JavaAudioDeviceModule.AudioRecordErrorCallback {
        // The message of an exception, which may have none.
        override fun onWebRtcAudioRecordInitError(errorMessage: String?) =
            onMicrophoneFault(errorMessage.orEmpty())

        override fun onWebRtcAudioRecordStartError(
            errorCode: JavaAudioDeviceModule.AudioRecordStartErrorCode,
            errorMessage: String,
        ) = onMicrophoneFault(errorMessage)

        override fun onWebRtcAudioRecordError(errorMessage: String) =
            onMicrophoneFault(errorMessage)
    }
}

/** Those of the protocol among the names that WebRTC has for codecs. */
internal fun codecs(names: List<String>): List<VideoCodec> =
    VideoCodec.entries.filter { codec -> names.any { it.equals(codec.word, ignoreCase = true) } }
