// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import android.content.Context
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Build
import org.intercomd.intercom.call.OwnAudio
import org.intercomd.intercom.sdk.Since31

/** What Telecom does for the calls that it looks after: the mode of calls, and where sound goes. */
internal class AndroidAudio(context: Context) : OwnAudio {
    private val audio: AudioManager? = context.getSystemService(AudioManager::class.java)
    private var isOn = false

    override fun begin() {
        if (isOn || audio == null) return
        isOn = true
        audio.mode = AudioManager.MODE_IN_COMMUNICATION
        val outputs = audio.getDevices(AudioManager.GET_DEVICES_OUTPUTS).map { it.type }
        if (outputs.none(HEADSETS::contains)) speaker(audio, true)
    }

    override fun choose(route: Route) {
        if (isOn && audio != null) speaker(audio, route == Route.Speaker)
    }

    override fun end() {
        if (!isOn || audio == null) return
        isOn = false
        speaker(audio, false)
        audio.mode = AudioManager.MODE_NORMAL
    }

    @Suppress("DEPRECATION")
    private fun speaker(audio: AudioManager, isOn: Boolean) {
        when {
            Build.VERSION.SDK_INT < 31 -> audio.isSpeakerphoneOn = isOn
            isOn -> Since31.useSpeaker(audio)
            else -> Since31.useDefault(audio)
        }
    }

    private companion object {
        val HEADSETS =
            setOf(
                AudioDeviceInfo.TYPE_WIRED_HEADSET,
                AudioDeviceInfo.TYPE_WIRED_HEADPHONES,
                AudioDeviceInfo.TYPE_BLUETOOTH_SCO,
                AudioDeviceInfo.TYPE_USB_HEADSET,
                AudioDeviceInfo.TYPE_HEARING_AID,
                AudioDeviceInfo.TYPE_BLE_HEADSET,
            )
    }
}
