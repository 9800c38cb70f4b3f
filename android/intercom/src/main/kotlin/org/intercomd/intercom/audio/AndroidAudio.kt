// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import android.content.Context
import android.media.AudioAttributes
import android.media.AudioDeviceCallback
import android.media.AudioDeviceInfo
import android.media.AudioFocusRequest
import android.media.AudioManager
import android.os.Build
import org.intercomd.intercom.call.OwnAudio
import org.intercomd.intercom.sdk.Since31

/** What Telecom does for the calls that it looks after: the mode of calls, and where sound goes. */
internal class AndroidAudio(context: Context, private val changed: () -> Unit) : OwnAudio {
    private val audio: AudioManager? = context.getSystemService(AudioManager::class.java)
    private var calls = 0

    /** Music is silent meanwhile. */
    private val focus =
        AudioFocusRequest.Builder(AudioManager.AUDIOFOCUS_GAIN_TRANSIENT)
            .setAudioAttributes(
                AudioAttributes.Builder()
                    .setUsage(AudioAttributes.USAGE_VOICE_COMMUNICATION)
                    .setContentType(AudioAttributes.CONTENT_TYPE_SPEECH)
                    .build(),
            )
            .build()
    private val isOn: Boolean
        get() = calls > 0
    private var chosen: Route? = null

    override var sound = Sound()
        private set

    override fun begin() {
        calls += 1
        if (calls > 1 || audio == null) return
        audio.requestAudioFocus(focus)
        audio.mode = AudioManager.MODE_IN_COMMUNICATION
        audio.registerAudioDeviceCallback(devices, null)
        look()
    }

    override fun choose(route: Route) {
        if (!isOn) return
        chosen = route
        look()
    }

    override fun unmute() {
        audio?.isMicrophoneMute = false
    }

    override fun end() {
        calls -= 1
        if (isOn || audio == null) return
        audio.unregisterAudioDeviceCallback(devices)
        leave(audio)
        audio.mode = AudioManager.MODE_NORMAL
        audio.abandonAudioFocusRequest(focus)
        chosen = null
        sound = Sound()
    }

    /** The loudspeaker, but never past a headset, and not against what the person chose. */
    private fun look() {
        val audio = audio.takeIf { isOn } ?: return
        val available = available(audio)
        if (hasNewHeadset(available, sound.available)) chosen = null
        val usual = available.find(Route::isHeadset) ?: Route.Speaker
        val route = chosen?.takeIf { it in available } ?: usual
        val now = Sound(route, available)
        if (now == sound) return
        if (route != sound.route) use(audio, route)
        sound = now
        changed()
    }

    private fun available(audio: AudioManager): Set<Route> {
        val devices =
            if (Build.VERSION.SDK_INT < 31) {
                audio.getDevices(AudioManager.GET_DEVICES_OUTPUTS).toList()
            } else {
                Since31.devices(audio)
            }
        return devices.mapNotNull(::routeOf).toSet()
    }

    @Suppress("DEPRECATION")
    private fun use(audio: AudioManager, route: Route) {
        if (Build.VERSION.SDK_INT >= 31) return Since31.use(audio, route)
        audio.isSpeakerphoneOn = route == Route.Speaker
        if (route == Route.Bluetooth) audio.startBluetoothSco() else leaveBluetooth(audio)
    }

    @Suppress("DEPRECATION")
    private fun leave(audio: AudioManager) {
        if (Build.VERSION.SDK_INT >= 31) return Since31.useDefault(audio)
        audio.isSpeakerphoneOn = false
        leaveBluetooth(audio)
    }

    @Suppress("DEPRECATION")
    private fun leaveBluetooth(audio: AudioManager) {
        if (sound.route == Route.Bluetooth) audio.stopBluetoothSco()
    }

    private val devices = object : AudioDeviceCallback() {
        override fun onAudioDevicesAdded(added: Array<out AudioDeviceInfo>?) = look()

        override fun onAudioDevicesRemoved(removed: Array<out AudioDeviceInfo>?) = look()
    }
}
