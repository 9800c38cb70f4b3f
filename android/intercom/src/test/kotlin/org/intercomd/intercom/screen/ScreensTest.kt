// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.view.WindowManager.LayoutParams
import android.widget.Button
import android.widget.TextView
import org.intercomd.intercom.Installed
import org.intercomd.intercom.Options
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.intercomd.phone.call.Button as Press

@RunWith(RobolectricTestRunner::class)
class ScreensTest {
    @get:Rule
    internal val app = Installed()

    private val intents by lazy { CallIntents(app.application, "abc") }

    @Test
    fun `a ring is shown until it is over`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        assertEquals("Front door", "${screen.title}")
        assertTrue("Somebody is at the door for Miller" in texts(screen))
        assertTrue(screen.window.attributes.flags and LayoutParams.FLAG_KEEP_SCREEN_ON != 0)
        assertFalse(screen.isFinishing)
        app.ends(Status.Elsewhere)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `decline and silence are pressed there, accept opens the call`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        press(screen, "Silence")
        press(screen, "Accept")
        val next = checkNotNull(shadowOf(screen).nextStartedActivity)
        val call = open<CallActivity>(next)
        assertEquals(listOf(Press.Silence, Press.Answer), app.pressed)
        call.recreate()
        assertEquals("answered once", listOf(Press.Silence, Press.Answer), app.pressed)
    }

    @Test
    fun `a call is muted and hung up there`() {
        app.joins()
        val screen = open<CallActivity>(shadowOf(intents.openCall()).savedIntent)
        press(screen, "Mute")
        press(screen, "Unmute")
        press(screen, "Hang up")
        val expected =
            listOf(Press.Answer, Press.Mute(true), Press.Mute(false), Press.HangUp)
        assertEquals(expected, app.pressed)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `who is not heard is told, and asked for the microphone`() {
        app.joins()
        val screen = open<CallActivity>(shadowOf(intents.openCall()).savedIntent)
        assertTrue("You are not heard: this app may not use the microphone" in texts(screen))
        val asked = shadowOf(screen).lastRequestedPermission.requestedPermissions.toList()
        assertEquals(listOf("android.permission.RECORD_AUDIO"), asked)
    }

    @Test
    fun `a screen without a call goes`() {
        val late = open<IncomingCallActivity>(intents.ring())
        assertTrue(late.isFinishing)
        val strange = open<CallActivity>(Intent(app.application, CallActivity::class.java))
        assertTrue(strange.isFinishing)
    }

    @Test
    fun `the app's picture is on the screen`() {
        app.install(
            Options(picture = { screen, station -> TextView(screen).apply { text = station.id } }),
        )
        app.ringsAloud()
        assertTrue("abc" in texts(open<IncomingCallActivity>(intents.ring())))
    }

    private inline fun <reified A : Activity> open(intent: Intent): A =
        Robolectric.buildActivity(A::class.java, intent).setup().get()

    private fun views(view: View): List<View> = if (view is ViewGroup) {
        (0 until view.childCount).flatMap { views(view.getChildAt(it)) }
    } else {
        listOf(view)
    }

    private fun texts(screen: Activity): List<String> =
        views(screen.window.decorView).filterIsInstance<TextView>().map { "${it.text}" }

    private fun press(screen: Activity, text: String) =
        views(screen.window.decorView).filterIsInstance<Button>().single { it.text == text }
            .performClick()
}
