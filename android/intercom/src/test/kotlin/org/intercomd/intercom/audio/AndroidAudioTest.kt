// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

import android.app.Application
import android.media.AudioDeviceInfo
import android.media.AudioManager
import android.os.Build
import android.os.Looper
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.AudioDeviceInfoBuilder

@RunWith(RobolectricTestRunner::class)
class AndroidAudioTest {
    private val application: Application = RuntimeEnvironment.getApplication()
    private val manager = checkNotNull(application.getSystemService(AudioManager::class.java))
    private var changes = 0
    private val audio = AndroidAudio(application) { changes++ }

    @Test
    fun `a call is heard by the loudspeaker, and afterwards all is as before`() {
        are(EARPIECE, SPEAKER)
        audio.begin()
        assertEquals(AudioManager.MODE_IN_COMMUNICATION, manager.mode)
        assertEquals(Sound(Route.Speaker, setOf(Route.Earpiece, Route.Speaker)), audio.sound)
        assertEquals(true, isSpeakerOn())
        audio.end()
        assertEquals(AudioManager.MODE_NORMAL, manager.mode)
        assertEquals(Sound(), audio.sound)
        assertEquals(false, isSpeakerOn())
    }

    @Test
    fun `the person switches to the earpiece and back`() {
        are(EARPIECE, SPEAKER)
        audio.begin()
        audio.choose(Route.Earpiece)
        assertEquals(Route.Earpiece to false, audio.sound.route to isSpeakerOn())
        audio.choose(Route.Speaker)
        assertEquals(Route.Speaker to true, audio.sound.route to isSpeakerOn())
        assertEquals("each is told", 3, changes)
    }

    @Test
    fun `a headset that comes is used, and the loudspeaker when it goes`() {
        are(EARPIECE, SPEAKER)
        audio.begin()
        are(EARPIECE, SPEAKER, HEADSET)
        assertEquals(Route.WiredHeadset to false, audio.sound.route to isSpeakerOn())
        are(EARPIECE, SPEAKER)
        assertEquals(Route.Speaker to true, audio.sound.route to isSpeakerOn())
    }

    @Test
    fun `a headset that comes is used, though the loudspeaker was chosen before`() {
        are(EARPIECE, SPEAKER)
        audio.begin()
        audio.choose(Route.Earpiece)
        audio.choose(Route.Speaker)
        are(EARPIECE, SPEAKER, HEADSET)
        assertEquals(Route.WiredHeadset to false, audio.sound.route to isSpeakerOn())
        audio.choose(Route.Speaker)
        assertEquals("with it, one may", Route.Speaker to true, audio.sound.route to isSpeakerOn())
    }

    @Test
    fun `what the person chose stays for as long as it is there`() {
        are(EARPIECE, SPEAKER, HEADSET)
        audio.begin()
        assertEquals(Route.WiredHeadset, audio.sound.route)
        audio.choose(Route.Earpiece)
        are(EARPIECE, SPEAKER)
        assertEquals(Route.Earpiece, audio.sound.route)
        audio.end()
        audio.begin()
        assertEquals("in that call alone", Route.Speaker, audio.sound.route)
    }

    @Test
    fun `the end of one call of two leaves the other its sound`() {
        are(EARPIECE, SPEAKER)
        audio.begin()
        audio.begin()
        audio.end()
        assertEquals(AudioManager.MODE_IN_COMMUNICATION, manager.mode)
        assertEquals(true, isSpeakerOn())
        audio.end()
        assertEquals(AudioManager.MODE_NORMAL, manager.mode)
    }

    @Test
    fun `without a call nothing is chosen`() {
        are(EARPIECE, SPEAKER)
        audio.choose(Route.Speaker)
        assertEquals(Sound() to false, audio.sound to isSpeakerOn())
    }

    @Suppress("DEPRECATION")
    private fun isSpeakerOn(): Boolean = if (Build.VERSION.SDK_INT < 31) {
        manager.isSpeakerphoneOn
    } else {
        manager.communicationDevice?.type == AudioDeviceInfo.TYPE_BUILTIN_SPEAKER
    }

    private fun are(vararg types: Int) {
        val devices = types.map { AudioDeviceInfoBuilder.newBuilder().setType(it).build() }
        val shadow = shadowOf(manager)
        if (Build.VERSION.SDK_INT >= 31) shadow.setAvailableCommunicationDevices(devices)
        shadow.setOutputDevices(emptyList())
        devices.forEach { shadow.addOutputDevice(it, true) }
        shadowOf(Looper.getMainLooper()).idle()
    }

    private companion object {
        const val EARPIECE = AudioDeviceInfo.TYPE_BUILTIN_EARPIECE
        const val SPEAKER = AudioDeviceInfo.TYPE_BUILTIN_SPEAKER
        const val HEADSET = AudioDeviceInfo.TYPE_WIRED_HEADSET
    }
}
