// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.os.Build
import android.provider.Settings
import android.text.SpannableString
import android.view.WindowManager.LayoutParams
import org.intercomd.app.TestApp
import org.intercomd.app.page.LINK
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
import org.intercomd.intercom.text.Text as CallText

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class PairActivityTest {
    @get:Rule
    internal val screens = Screens()

    private fun shared(text: String): PairActivity =
        screens.open(Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, text))

    private fun PairActivity.link() = "${fields()[0].text}"

    @Test
    fun `a link that is shared is all that it takes`() {
        val screen = shared("Front door\n${screens.link}")
        screen.fields()[1].setText("Kitchen")
        screen.press(screens.say(Text.PairNow))
        val told = screens.say(Text.Paired, "Front door")
        screens.await("paired") { told in screen.texts() }
        assertEquals(1, screens.app.device.stations.size)
        val asks = screens.say(Text.NoMicrophone)
        val turned = screens.turn(screen)
        assertTrue(turned.texts().containsAll(listOf(told, asks)))
        turned.press(screens.say(Text.Show, "Front door"))
        val shown = shadowOf(turned).nextStartedActivity
        assertEquals(StationActivity::class.java.name, shown.component?.className)
        turned.press(screens.say(Text.Check))
        val opened = shadowOf(turned).nextStartedActivity
        assertEquals(CheckActivity::class.java.name, opened.component?.className)
    }

    @Test
    fun `what is written wrongly is told, and stays`() {
        val screen = screens.open<PairActivity>()
        screen.fields()[0].setText("https://example.org/")
        screen.press(screens.say(Text.PairNow))
        assertTrue(screens.say(Text.PairNoLink) in screen.texts())
        assertEquals("https://example.org/", screen.link())
    }

    @Test
    fun `a station that is not there is told, and what was written is there again`() {
        val link = screens.link
        screens.station.close()
        val screen = shared(link)
        screen.press(screens.say(Text.PairNow))
        val told = screens.say(Text.PairRefused, Saying(CallText.CodeUnavailable))
        screens.await("told") { told in screen.texts() }
        screen.press(screens.say(Text.PairAgain))
        assertEquals(link, screen.link())
    }

    @Test
    fun `a phone without a screen lock is led to where one is set`() {
        val guard = checkNotNull(screens.app.getSystemService(KeyguardManager::class.java))
        shadowOf(guard).setIsDeviceSecure(false)
        val screen = shared(screens.link)
        screen.press(screens.say(Text.PairNow))
        screens.await("told") { screens.say(Text.PairNoLock) in screen.texts() }
        screen.press(screens.say(Text.SetScreenLock))
        val opened = shadowOf(screen).nextStartedActivity
        assertEquals(Settings.ACTION_SECURITY_SETTINGS, opened.action)
    }

    @Test
    fun `what is written is there after the screen was turned`() {
        val screen = shared(LINK)
        screen.fields()[0].setText("half a li")
        screen.fields()[1].setText("Attic")
        val turned = screens.turn(screen)
        assertEquals(listOf("half a li", "Attic"), turned.fields().map { "${it.text}" })
    }

    @Test
    fun `a code that was scanned is as good as a link that was pasted`() {
        val screen = screens.open<PairActivity>()
        screen.fields()[1].setText("Attic")
        screen.press(screens.say(Text.Scan))
        val asked = shadowOf(screen).nextStartedActivityForResult
        assertEquals(ScanActivity::class.java.name, asked.intent.component?.className)
        val result = Intent().putExtra(Intent.EXTRA_TEXT, LINK)
        shadowOf(screen).receiveResult(asked.intent, Activity.RESULT_OK, result)
        assertEquals(listOf(LINK, "Attic"), screen.fields().map { "${it.text}" })
        assertTrue(screens.say(Text.PairScanned) in screen.texts())
    }

    @Test
    fun `the outcome is told by the screen that is there then, and the next begins anew`() {
        val screen = shared(screens.link)
        screen.press(screens.say(Text.PairNow))
        val turned = screens.turn(screen)
        val told = screens.say(Text.Paired, "Front door")
        screens.await("paired") { told in turned.texts() }
        val next = screens.open<PairActivity>()
        assertEquals("", next.link())
    }

    @Test
    fun `a link that is styled where it is shared is one, too`() {
        val text = SpannableString(LINK)
        val intent = Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, text)
        assertEquals(LINK, screens.open<PairActivity>(intent).link())
    }

    @Test
    fun `this phone is named as the person names it`() {
        assertEquals(Build.MODEL, "${screens.open<PairActivity>().fields()[1].text}")
        val settings = screens.app.contentResolver
        Settings.Global.putString(settings, Settings.Global.DEVICE_NAME, "My own")
        assertEquals("My own", "${screens.open<PairActivity>().fields()[1].text}")
    }

    @Test
    fun `a phone without a camera scans nothing`() {
        screens.hasCamera(false)
        assertFalse(screens.say(Text.Scan) in screens.open<PairActivity>().texts())
    }

    @Test
    fun `a scan that was given up changes nothing`() {
        val screen = shared("half a li")
        screen.press(screens.say(Text.Scan))
        val asked = shadowOf(screen).nextStartedActivityForResult
        shadowOf(screen).receiveResult(asked.intent, Activity.RESULT_CANCELED, null)
        assertEquals("half a li", screen.link())
    }

    @Test
    fun `nobody films the secret, and back leads out`() {
        val screen = shared(LINK)
        assertTrue(screen.window.attributes.flags and LayoutParams.FLAG_SECURE != 0)
        assertFalse(screen.isFinishing)
        screens.back(screen)
        assertTrue(screen.isFinishing)
    }
}
