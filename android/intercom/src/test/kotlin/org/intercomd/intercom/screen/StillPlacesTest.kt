// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.content.Intent
import org.intercomd.intercom.Installed
import org.intercomd.intercom.call.GATE
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.call.standing
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.reduce
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.intercomd.phone.call.Button as Press

@RunWith(RobolectricTestRunner::class)
class StillPlacesTest {
    @get:Rule
    internal val app = Installed()

    private val intents by lazy { CallIntents(app.application, "abc") }

    @Test
    fun `a screen that comes of a sudden does not take the tap that was for another app`() {
        app.ringsAloud()
        val screen = open<IncomingCallActivity>(intents.ring())
        val finger = Fingers(screen)
        finger.tap("Accept")
        assertFalse(screen.isFinishing)
        finger.rest(StillPlaces.SETTLED)
        finger.tap("Accept")
        assertTrue(screen.isFinishing)
    }

    @Test
    @Config(qualifiers = "land")
    fun `who opens a door with two taps answers nothing`() {
        app.ringsAloud(Media.Audio)
        app.hasGate()
        val screen = open<IncomingCallActivity>(intents.ring())
        val finger = Fingers(screen)
        val before = finger.place("Accept")
        finger.rest(StillPlaces.SETTLED)
        finger.tap("Open Gate")
        assertEquals(listOf(GATE), app.opened)
        app.opening = mapOf(GATE to DoorProgress.Opening)
        val after = finger.place("Accept")
        assertNotEquals("it moved", before, after)
        finger.tap(after)
        assertFalse(screen.isFinishing)
        finger.rest(StillPlaces.SETTLED)
        finger.tap(after)
        assertTrue(screen.isFinishing)
    }

    @Test
    fun `a screen that becomes another station's takes no tap that was for the one before`() {
        app.ringsAloud()
        val other = app.intercom.add(Station("def", "Back door"), app)
        val ring = Event.Said(standing(CallId(1), Status.Ringing))
        other.show(Calls().reduce(ring, Moment(0)).state)
        app.pass(seconds = 2)
        val screen =
            Robolectric.buildActivity(IncomingCallActivity::class.java, intents.ring()).setup()
        val finger = Fingers(screen.get())
        val place = finger.place("Accept")
        finger.rest(StillPlaces.SETTLED)
        screen.newIntent(CallIntents(app.application, "def").ring())
        assertEquals("Back door", "${screen.get().title}")
        assertEquals("nothing has moved", place, finger.place("Accept"))
        finger.tap(place)
        assertFalse(screen.get().isFinishing)
        finger.rest(StillPlaces.SETTLED)
        finger.tap(place)
        assertTrue(screen.get().isFinishing)
    }

    @Test
    fun `another word on a button that stays takes a touch at once`() {
        app.joins()
        val finger = Fingers(open<CallActivity>(intents.call()))
        val place = finger.place("Mute")
        finger.rest(StillPlaces.SETTLED)
        app.pressed.clear()
        finger.tap(place)
        assertEquals(place, finger.place("Unmute"))
        finger.tap(place)
        assertEquals(listOf<Press>(Press.Mute(true), Press.Mute(false)), app.pressed)
    }

    private inline fun <reified A : Activity> open(intent: Intent): A =
        Robolectric.buildActivity(A::class.java, intent).setup().get()
}
