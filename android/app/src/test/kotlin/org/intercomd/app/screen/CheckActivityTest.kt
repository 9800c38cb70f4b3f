// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.provider.Settings
import org.intercomd.app.TestApp
import org.intercomd.app.page.checkPage
import org.intercomd.app.page.lines
import org.intercomd.app.station.phoneHealth
import org.intercomd.app.text.Text
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class CheckActivityTest {
    @get:Rule
    internal val screens = Screens()

    private val microphone = "android.permission.RECORD_AUDIO"

    @Test
    fun `what is not as it should be is listed, and is gone when it is mended`() {
        val screen = screens.open<CheckActivity>()
        val page = checkPage(screens.app.phoneHealth(), emptyList(), emptyList(), practises = false)
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
    fun `a ring for practice is told, rings, and is over when it is declined`() {
        val screen = screens.open<CheckActivity>()
        screen.press(screens.say(Text.Practice))
        assertTrue(screens.say(Text.PracticeSoon) in screen.texts())
        screens.pass(seconds = 5)
        assertTrue(screens.say(Text.PracticeHow) in screen.texts())
        screens.pass(seconds = 2)
        assertTrue(screens.app.intercom.screen("practice") != null)
        screens.pass(seconds = 15)
        assertEquals(null, screens.app.intercom.screen("practice"))
    }

    @Test
    fun `each station tells how its pushes stand`() {
        screens.pair()
        val screen = screens.open<CheckActivity>()
        assertTrue(screens.say(Text.Pushes, "Front door") in screen.texts())
    }
}
