// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.NotificationManager
import android.media.AudioManager
import android.provider.Settings
import org.intercomd.app.TestApp
import org.intercomd.app.page.StationsHealth
import org.intercomd.app.page.checkPage
import org.intercomd.app.page.lines
import org.intercomd.app.station.PracticeStage
import org.intercomd.app.station.phoneHealth
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowPowerManager

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class CheckActivityTest {
    @get:Rule
    internal val screens = Screens()

    private val microphone = "android.permission.RECORD_AUDIO"

    @Test
    fun `what is not as it should be is listed, and is gone when it is mended`() {
        val screen = screens.open<CheckActivity>()
        val health = screens.app.phoneHealth()
        val page = checkPage(health, StationsHealth(emptyList()), PracticeStage.None)
        assertTrue(screen.texts().containsAll(page.lines().map(screens.app.texts::of)))
        val told = screens.say(Text.NoMicrophone)
        assertTrue(told in screen.texts())
        shadowOf(screens.app).grantPermissions(microphone)
        screens.hide(screen)
        screens.show(screen)
        assertTrue(told !in screen.texts())
    }

    @Test
    fun `a permission is asked for`() {
        shadowOf(screens.app).grantPermissions("android.permission.POST_NOTIFICATIONS")
        val screen = screens.open<CheckActivity>()
        screen.press(screens.say(Text.Allow))
        val asked = shadowOf(screen).lastRequestedPermission.requestedPermissions.toList()
        assertEquals(listOf(microphone), asked)
    }

    @Test
    fun `how it rings is set in Android, wherever it is`() {
        val screen = screens.open<CheckActivity>()
        screen.press(screens.say(Text.RingSettings))
        val opened = shadowOf(screen).nextStartedActivity
        assertEquals(Settings.ACTION_APP_NOTIFICATION_SETTINGS, opened.action)
        assertEquals(screen.packageName, opened.getStringExtra(Settings.EXTRA_APP_PACKAGE))
    }

    @Test
    fun `a ring for practice is told, rings, and is over after a while`() {
        val screen = screens.open<CheckActivity>()
        screen.press(screens.say(Text.Practice))
        assertTrue(screens.say(Text.PracticeSoon) in screen.texts())
        screens.pass(seconds = 5)
        assertTrue(screens.say(Text.PracticeHow) in screen.texts())
        screens.pass(seconds = 2)
        assertTrue(screens.app.intercom.screen("practice") != null)
        assertTrue(ShadowPowerManager.getLatestWakeLock().isHeld)
        screens.pass(seconds = 15)
        assertEquals(null, screens.app.intercom.screen("practice"))
        assertFalse(screens.say(Text.PracticeOver) in screen.texts())
    }

    @Test
    fun `one that is declined is over at once, which is told until the page is left`() {
        val screen = screens.open<CheckActivity>()
        screen.press(screens.say(Text.Practice))
        screens.pass(seconds = 7)
        checkNotNull(screens.app.intercom.calls("practice")).leave()
        assertEquals(null, screens.app.intercom.screen("practice"))
        assertTrue(screens.say(Text.PracticeOver) in screen.texts())
        assertTrue(screens.say(Text.PracticeOver) in screens.turn(screen).texts())
        screens.app.practice.understood()
        assertFalse(screens.say(Text.PracticeOver) in screens.open<CheckActivity>().texts())
    }

    @Test
    fun `a phone that makes no sound is told`() {
        val sound = checkNotNull(screens.app.getSystemService(AudioManager::class.java))
        val notices = checkNotNull(screens.app.getSystemService(NotificationManager::class.java))
        assertFalse(screens.app.phoneHealth().isSilent || screens.app.phoneHealth().isQuiet)
        for (mode in listOf(AudioManager.RINGER_MODE_SILENT, AudioManager.RINGER_MODE_VIBRATE)) {
            sound.ringerMode = mode
            assertTrue("$mode", screens.app.phoneHealth().isSilent)
        }
        val filters = listOf(
            NotificationManager.INTERRUPTION_FILTER_PRIORITY,
            NotificationManager.INTERRUPTION_FILTER_NONE,
            NotificationManager.INTERRUPTION_FILTER_ALARMS,
        )
        for (filter in filters) {
            notices.setInterruptionFilter(filter)
            assertTrue("$filter", screens.app.phoneHealth().isQuiet)
        }
    }

    @Test
    fun `each station tells how its pushes stand`() {
        screens.pair()
        val screen = screens.open<CheckActivity>()
        val told = screens.say(Text.Pushes, "Front door")
        assertTrue(told in screen.texts())
        val phone = screens.app.device.stations.single()
        screens.app.stations.listener(phone).revoked()
        screens.await("revoked") { screens.app.stations.views.single().isRevoked }
        val how = screens.say(Text.StationStands, "Front door", Saying(Text.NotPaired))
        assertTrue(how in screen.texts())
    }
}
