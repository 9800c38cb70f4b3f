// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.content.Intent
import android.graphics.Rect
import android.view.View
import android.view.ViewGroup
import android.view.WindowInsets
import android.view.WindowManager.LayoutParams
import android.widget.Button
import android.widget.TextView
import org.intercomd.intercom.Installed
import org.intercomd.intercom.Options
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.FakeConnection
import org.intercomd.intercom.call.GATE
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.phone.call.Event
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
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
        app.ends(Status.Missed)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `a ring that another handset took is told for three seconds`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        app.ends(Status.Elsewhere, by = "Kitchen")
        assertTrue("Answered by Kitchen" in texts(screen))
        assertEquals(emptyList<String>(), buttons(screen))
        app.pass(seconds = 2)
        assertFalse(screen.isFinishing)
        app.pass(seconds = 1)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `a screen that is not to be seen tells nothing`() {
        app.ringsAloud()
        val screen = Robolectric.buildActivity(IncomingCallActivity::class.java, intents.ring())
        screen.setup().pause().stop()
        app.ends(Status.Elsewhere, by = "Kitchen")
        assertTrue(screen.get().isFinishing)
    }

    @Test
    fun `who answers too late is told who was faster`() {
        app.ringsAloud()
        val ring = open<IncomingCallActivity>(intents.ring())
        press(ring, "Accept")
        val call = open<CallActivity>(checkNotNull(shadowOf(ring).nextStartedActivity))
        app.ends(Status.Elsewhere, by = "Kitchen")
        assertTrue("Answered by Kitchen" in texts(call))
    }

    @Test
    fun `a door is opened while it rings and in the call`() {
        app.ringsAloud()
        app.hasGate()
        val ring = open<IncomingCallActivity>(intents.ring())
        press(ring, "Open Gate")
        app.joins()
        val call = open<CallActivity>(intents.call())
        press(call, "Open Gate")
        assertEquals(listOf(GATE, GATE), app.opened)
    }

    @Test
    fun `how the opening goes is said, and it is not asked for twice`() {
        app.ringsAloud()
        app.hasGate()
        val screen = open<IncomingCallActivity>(intents.ring())
        app.opening = mapOf(GATE to DoorProgress.Opening)
        assertFalse("Open Gate" in buttons(screen))
        app.opening = mapOf(GATE to DoorProgress.Opened(Moment(0)))
        val news = line(screen, "Gate: The door is open")
        assertEquals(View.ACCESSIBILITY_LIVE_REGION_POLITE, news.accessibilityLiveRegion)
        app.opening = mapOf(GATE to DoorProgress.Refused(Failed(Code.RelayFault), Moment(0)))
        val words = "Gate: The door was not opened. The station or the lock is out of order"
        assertTrue("the same line", news === line(screen, words))
        assertTrue("Open Gate" in buttons(screen))
        app.opening = emptyMap()
        assertFalse(texts(screen).any { it.startsWith("Gate") })
        app.hasGate(isLocked = true)
        assertFalse("Open Gate" in buttons(screen))
    }

    @Test
    fun `what becomes of a door is told after the ring`() {
        app.ringsAloud()
        app.hasGate()
        val screen = open<IncomingCallActivity>(intents.ring())
        app.opening = mapOf(GATE to DoorProgress.Opening)
        app.ends(Status.Missed)
        assertTrue("The call is over" in texts(screen))
        app.opening = mapOf(GATE to DoorProgress.Opened(Moment(0)))
        assertTrue("Gate: The door is open" in texts(screen))
        assertEquals(emptyList<String>(), buttons(screen))
        app.opening = emptyMap()
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `where the sound goes is shown and switched in the call`() {
        app.ringsAloud()
        app.press(Press.Answer)
        val screen = open<CallActivity>(intents.call())
        val connection = FakeConnection()
        connection.sound = Sound(Route.Speaker, setOf(Route.Speaker, Route.Earpiece))
        assertTrue(app.calls.created(1, connection))
        app.calls.soundChanged()
        assertFalse("not before the call", buttons(screen).any { it.startsWith("Sound") })
        app.joins()
        press(screen, "Sound: loudspeaker. Switch to: earpiece")
        assertEquals(Route.Earpiece, connection.sound.route)
        app.calls.soundChanged()
        assertTrue("Sound: earpiece. Switch to: loudspeaker" in buttons(screen))
        connection.sound = Sound(Route.Speaker, setOf(Route.Speaker))
        app.calls.soundChanged()
        assertFalse(buttons(screen).any { it.startsWith("Sound") })
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
    fun `a ring that is answered by a headset opens the call`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        app.calls.answer()
        assertTrue(screen.isFinishing)
        val next = checkNotNull(shadowOf(screen).nextStartedActivity)
        assertEquals(CallActivity::class.java.name, next.component?.className)
        open<CallActivity>(next)
        assertEquals("answered once", listOf<Press>(Press.Answer), app.pressed)
    }

    @Test
    fun `the call is opened once, and not from where nothing is to be seen`() {
        shadowOf(app.application).grantPermissions("android.permission.RECORD_AUDIO")
        app.ringsAloud()
        val seen = open<IncomingCallActivity>(intents.ring())
        val hidden = Robolectric.buildActivity(IncomingCallActivity::class.java, intents.ring())
        hidden.setup().pause()
        press(seen, "Accept")
        open<CallActivity>(checkNotNull(shadowOf(seen).nextStartedActivity))
        assertEquals(listOf<Press>(Press.Answer), app.pressed)
        assertTrue(hidden.get().isFinishing)
        assertNull(shadowOf(app.application).nextStartedActivity)
    }

    @Test
    fun `a ring that comes to the screen of a call before is shown as a ring`() {
        shadowOf(app.application).grantPermissions("android.permission.RECORD_AUDIO")
        app.joins()
        app.hasGate(status = Status.Ongoing)
        val screen = open<CallActivity>(intents.call())
        app.opening = mapOf(GATE to DoorProgress.Opening)
        app.ends(Status.Ended)
        assertTrue("The call is over" in texts(screen))
        app.ringsAloud(cid = CallId(8))
        assertRings(screen)
        app.calls.silence()
        assertNull("opened once", shadowOf(screen).nextStartedActivity)
    }

    @Test
    fun `a ring whose answer is refused can be accepted again`() {
        app.ringsAloud()
        val screen = open<CallActivity>(intents.accepted())
        assertTrue("Connecting…" in texts(screen))
        app.happens(Event.Refused(Accept(Installed.CID), Failed(Code.Busy)))
        assertRings(screen)
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
    fun `the app's picture is on the screen before the call is answered, and in it`() {
        hasPicture()
        app.ringsAloud()
        assertTrue("abc" in texts(open<IncomingCallActivity>(intents.ring())))
        app.joins()
        assertTrue("abc" in texts(open<CallActivity>(intents.call())))
    }

    @Test
    fun `a call without a picture has no place for one`() {
        hasPicture()
        app.ringsAloud(Media.Audio)
        val screen = open<IncomingCallActivity>(intents.ring())
        assertFalse("abc" in texts(screen))
        app.rings(Media.Video)
        assertTrue("abc" in texts(screen))
        app.rings(Media.Audio)
        assertFalse("abc" in texts(screen))
    }

    @Test
    fun `the system's bars are outside the edge of the screen`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        val content = checkNotNull(screen.findViewById<ViewGroup>(android.R.id.content))
        val view = content.getChildAt(0)
        val (before, bar) = top(view) to 100
        view.dispatchApplyWindowInsets(WindowInsets(Rect(0, bar, 0, 0)))
        assertTrue("$before", before > 0)
        assertEquals(before + bar, top(view))
    }

    /** Where the name of the station is. */
    private fun top(view: View): Int {
        val size = View.MeasureSpec.makeMeasureSpec(1000, View.MeasureSpec.EXACTLY)
        view.measure(size, size)
        view.layout(0, 0, 1000, 1000)
        val place = Rect()
        val name = views(view).filterIsInstance<TextView>().single { it.text == "Front door" }
        (view as ViewGroup).offsetDescendantRectToMyCoords(name, place)
        return place.top
    }

    private fun assertRings(screen: Activity) {
        assertTrue(screen.isFinishing)
        val next = shadowOf(screen).nextStartedActivity?.component?.className
        assertEquals(IncomingCallActivity::class.java.name, next)
    }

    private fun hasPicture() = app.install(
        Options(picture = { screen, station -> TextView(screen).apply { text = station.id } }),
    )

    private inline fun <reified A : Activity> open(intent: Intent): A =
        Robolectric.buildActivity(A::class.java, intent).setup().get()

    private fun views(view: View): List<View> = if (view is ViewGroup) {
        (0 until view.childCount).flatMap { views(view.getChildAt(it)) }
    } else {
        listOf(view)
    }

    /** Those that are to be seen. */
    private fun lines(screen: Activity): List<TextView> =
        views(screen.window.decorView).filterIsInstance<TextView>().filter { it.isShown }

    private fun line(screen: Activity, text: String): TextView =
        lines(screen).single { "${it.text}" == text }

    private fun texts(screen: Activity): List<String> = lines(screen).map { "${it.text}" }

    private fun buttons(screen: Activity): List<String> =
        lines(screen).filterIsInstance<Button>().map { "${it.text}" }

    private fun press(screen: Activity, text: String) = line(screen, text).performClick()
}
