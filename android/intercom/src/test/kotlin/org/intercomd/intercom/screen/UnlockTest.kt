// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.intercomd.intercom.Installed
import org.intercomd.intercom.Options
import org.intercomd.intercom.call.GATE
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.call.StationSettings
import org.intercomd.intercom.call.standing
import org.intercomd.intercom.notification.CallAction
import org.intercomd.intercom.notification.CallActionReceiver
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.reduce
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.intercomd.phone.call.Button as Press

/** Who may answer, and see who is there, on a phone that is locked. */
@RunWith(RobolectricTestRunner::class)
class UnlockTest {
    @get:Rule
    internal val app = Installed()

    private val keyguard by lazy {
        shadowOf(app.application.getSystemService(KeyguardManager::class.java))
    }
    private val intents by lazy { CallIntents(app.application, "abc") }

    @Before
    fun rings() {
        app.install(Options(picture = { screen, _ -> TextView(screen).apply { text = PICTURE } }))
        app.intercom.change("abc", StationSettings(answersLocked = false))
        keyguard.setKeyguardLocked(true)
        app.ringsAloud()
    }

    @Test
    fun `accept asks for the lock first, and answers when it is opened`() {
        val screen = accepts()
        assertEquals(emptyList<Press>(), app.pressed)
        assertTrue("Unlock the phone to answer" in texts(screen))
        keyguard.setKeyguardLocked(false)
        assertEquals(listOf<Press>(Press.Answer), app.pressed)
        assertFalse(screen.isFinishing)
    }

    @Test
    fun `it goes on ringing when the lock stays shut`() {
        val screen = accepts()
        stayShut()
        assertEquals(emptyList<Press>(), app.pressed)
        assertRings(screen)
    }

    @Test
    fun `a turn of the phone leaves it accepted`() {
        val screen = controller<CallActivity>(intents.accepted()).setup()
        screen.recreate()
        assertTrue("Unlock the phone to answer" in texts(screen.get()))
        assertFalse(screen.get().isFinishing)
    }

    @Test
    fun `a ring that is over meanwhile is not answered, nor is the next one`() {
        val screen = accepts()
        app.hasGate()
        app.opening = mapOf(GATE to DoorProgress.Opening)
        app.ends(Status.Elsewhere)
        assertFalse("the door is still told", screen.isFinishing)
        app.ringsAloud(cid = CallId(8))
        assertRings(screen)
        keyguard.setKeyguardLocked(false)
        assertEquals(emptyList<Press>(), app.pressed)
        assertEquals(CallId(8), app.calls.call?.cid)
    }

    @Test
    fun `a screen that shows another station's call asks as well`() {
        val other = app.intercom.add(Station("def", "Gate"), app)
        val call = Event.Said(standing(CallId(1), Status.Ongoing))
        other.show(Calls().reduce(call, Moment(0)).state)
        val screen = controller<CallActivity>(CallIntents(app.application, "def").call()).setup()
        assertFalse(screen.get().isFinishing)
        screen.pause().newIntent(intents.accepted()).resume()
        assertEquals(emptyList<Press>(), app.pressed)
        keyguard.setKeyguardLocked(false)
        assertEquals("the other waits", listOf(Press.Answer, Press.Hold(true)), app.pressed)
    }

    @Test
    fun `a phone that is open answers at once`() {
        keyguard.setKeyguardLocked(false)
        accepts()
        assertEquals(listOf<Press>(Press.Answer), app.pressed)
    }

    @Test
    fun `where the person wants it so, a locked phone answers at once`() {
        app.intercom.change("abc", StationSettings(answersLocked = true))
        assertTrue(PICTURE in texts(open<IncomingCallActivity>(intents.ring())))
        accepts()
        assertEquals(listOf<Press>(Press.Answer), app.pressed)
    }

    @Test
    fun `declining asks for nothing, on the screen and in the notification`() {
        val screen = open<IncomingCallActivity>(intents.ring())
        views(screen.window.decorView).filterIsInstance<Button>().single { it.text == "Decline" }
            .performClick()
        assertEquals(listOf<Press>(Press.Decline), app.pressed)
        app.ends(Status.Rejected)
        app.ringsAloud()
        val decline = shadowOf(intents.broadcast(CallAction.Decline)).savedIntent
        CallActionReceiver().onReceive(app.application, decline)
        assertEquals(listOf<Press>(Press.Decline, Press.Decline), app.pressed)
        assertNull(shadowOf(app.application).nextStartedActivity)
    }

    @Test
    fun `no picture is seen until the phone is unlocked, whether or not it is answered`() {
        val ring = open<IncomingCallActivity>(intents.ring())
        assertFalse(PICTURE in texts(ring))
        keyguard.setKeyguardLocked(false)
        app.application.sendBroadcast(Intent(Intent.ACTION_USER_PRESENT))
        app.pass(seconds = 0)
        assertTrue(PICTURE in texts(ring))
    }

    @Test
    fun `whoever accepts sees the picture once the phone is unlocked`() {
        val call = accepts()
        assertFalse(PICTURE in texts(call))
        keyguard.setKeyguardLocked(false)
        assertTrue(PICTURE in texts(call))
    }

    @Test
    fun `a phone that was locked meanwhile shows no picture any more`() {
        keyguard.setKeyguardLocked(false)
        val screen = controller<IncomingCallActivity>(intents.ring()).setup()
        assertTrue(PICTURE in texts(screen.get()))
        screen.pause().stop()
        keyguard.setKeyguardLocked(true)
        screen.start().resume()
        assertFalse(PICTURE in texts(screen.get()))
    }

    private fun assertRings(screen: Activity) {
        assertTrue(screen.isFinishing)
        val next = shadowOf(screen).nextStartedActivity?.component?.className
        assertEquals(IncomingCallActivity::class.java.name, next)
    }

    /** As the notification has it, and the screen of the ring. */
    private fun accepts(): CallActivity = open(shadowOf(intents.accept()).savedIntent)

    /** To lock it again is how Robolectric's keyguard tells that the person gave up. */
    private fun stayShut() = keyguard.setKeyguardLocked(true)

    private inline fun <reified A : Activity> controller(intent: Intent): ActivityController<A> =
        Robolectric.buildActivity(A::class.java, intent)

    private inline fun <reified A : Activity> open(intent: Intent): A =
        controller<A>(intent).setup().get()

    private fun views(view: View): List<View> = if (view is ViewGroup) {
        (0 until view.childCount).flatMap { views(view.getChildAt(it)) }
    } else {
        listOf(view)
    }

    private fun texts(screen: Activity): List<String> =
        views(screen.window.decorView).filterIsInstance<TextView>().map { "${it.text}" }

    private companion object {
        const val PICTURE = "the picture"
    }
}
