// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Activity
import android.app.Notification
import android.os.SystemClock
import android.view.View
import org.intercomd.intercom.call.CallPresenter
import org.intercomd.intercom.call.Phone
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.notification.AndroidNotices
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.intercom.screen.CallActivity
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.reduce
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import kotlin.time.Duration.Companion.seconds

/** Two stations, of which the second was added before the first. */
@RunWith(RobolectricTestRunner::class)
class TwoCallsTest {
    @get:Rule
    internal val app = Installed()

    private val back = BackDoor()

    @Before
    fun joins() {
        app.install(stations = { it.add(back.station, back).also { calls -> back.calls = calls } })
        app.joins()
        app.startService()
    }

    @Test
    fun `who answers another station leaves the first on hold, and sees which is which`() {
        assertFalse(app.isPaused)
        back.rings()
        assertFalse("it only rings", app.isPaused)
        back.answers()
        assertTrue(app.isPaused)
        assertFalse(back.isPaused)
        assertEquals("Back door", shown())
        app.calls.hold(false)
        assertTrue(back.isPaused)
        assertEquals("Front door", shown())
    }

    @Test
    fun `after one call the screen is the other's, to go on with`() {
        back.rings()
        back.answers()
        val intent = CallIntents(app.application, back.station.id).call()
        val screen = Robolectric.buildActivity(CallActivity::class.java, intent).setup().get()
        assertEquals("Back door", "${screen.title}")
        press(screen, "Hang up")
        assertFalse(screen.isFinishing)
        assertEquals("Front door", "${screen.title}")
        press(screen, "Resume")
        assertEquals(Button.Hold(false), app.pressed.last())
        press(screen, "Hang up")
        assertTrue(screen.isFinishing)
    }

    private fun press(screen: Activity, text: String) {
        val found = ArrayList<View>()
        screen.window.decorView.findViewsWithText(found, text, View.FIND_VIEWS_WITH_TEXT)
        assertTrue(found.single().performClick())
    }

    private fun shown(): String? = app.notifications.getNotification(AndroidNotices.SERVICE)
        .extras.getString(Notification.EXTRA_TITLE)

    private class BackDoor : Phone {
        val station = Station("def", "Back door")
        lateinit var calls: CallPresenter
        var isPaused = false
            private set
        private var state = Calls()

        fun rings() = happens(Event.Said(Ring(CID, null, 45.seconds, Media.Audio)))

        fun answers() {
            press(Button.Answer)
            happens(Event.Granted(Accept(CID), Done()))
        }

        override fun press(button: Button) = happens(Event.Pressed(button))

        override fun openDoor(door: DoorName) = Unit

        override fun pauseSound(isPaused: Boolean) {
            this.isPaused = isPaused
        }

        private fun happens(event: Event) {
            state = state.reduce(event, Moment(SystemClock.elapsedRealtime())).state
            calls.show(state)
        }
    }

    private companion object {
        val CID = CallId(3)
    }
}
