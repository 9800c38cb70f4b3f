// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.Notice.Ring.Manner
import org.intercomd.intercom.telecom.Announcement
import org.intercomd.intercom.telecom.Cause
import org.intercomd.intercom.telecom.TelecomState
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Event
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class CallPresenterTest {
    private var phone = FakePhone()

    @Test
    fun `a ring is announced to Telecom and shown when Telecom asks for it`() {
        rings()
        val call = Announcement(FakePhone.STATION, 1, isIncoming = true, isVideo = true)
        assertEquals(listOf(call), phone.announced)
        val connection = phone.connect()
        assertNull(phone.ring)
        phone.presenter.showRing(1)
        val until = phone.now + 45.seconds
        val ring =
            Notice.Ring(
                FakePhone.STATION,
                CID,
                "Miller",
                isVideo = true,
                Manner.Loud,
                until,
            )
        assertEquals(ring, phone.ring)
        assertEquals(listOf(TelecomState.Ringing), connection?.states)
    }

    @Test
    fun `without Telecom it rings at once`() {
        phone = FakePhone(isTelecomThere = false)
        rings()
        assertNotNull(phone.ring)
    }

    @Test
    fun `refused by Telecom it rings at once`() {
        rings()
        phone.presenter.refused(1)
        assertNotNull(phone.ring)
    }

    @Test
    fun `when Telecom says nothing for two seconds it rings anyway, and once`() {
        rings()
        phone.pass(1_999.milliseconds)
        assertNull(phone.ring)
        phone.pass(1.milliseconds)
        assertNotNull(phone.ring)
        assertNotNull("Telecom is late", phone.connect())
        phone.presenter.showRing(1)
        assertEquals(1, phone.heard)
    }

    @Test
    fun `Telecom comes too late for a call that is over`() {
        rings(CallId(1))
        ends(CallId(1), Status.Missed)
        rings(CallId(2))
        assertNull(phone.connect(number = 1))
        phone.presenter.showRing(1)
        phone.presenter.refused(1)
        assertNull("that was the call before", phone.ring)
        assertNotNull(phone.connect(number = 2))
        assertNull("there is one already", phone.connect(number = 2))
    }

    @Test
    fun `who answers before Telecom is there finds the call active there`() {
        joins()
        assertTrue("nobody else looks after the sound", phone.isOwnAudio)
        val connection = phone.connect()
        assertFalse(phone.isOwnAudio)
        assertEquals("as it does for Telecom", listOf(TelecomState.Ringing), connection?.states)
        phone.pass(1.seconds)
        assertEquals(listOf(TelecomState.Ringing, TelecomState.Active), connection?.states)
    }

    @Test
    fun `the service runs from when the station has let this handset in until the end`() {
        rings()
        phone.press(Button.Answer)
        assertFalse(phone.isServiceOn)
        assertNotNull(phone.awaited)
        phone.happens(Event.Granted(Accept(CID), Done()))
        assertTrue(phone.isServiceOn)
        assertNull("the service has the notification", phone.awaited)
        ends(CID, Status.Ended)
        assertFalse(phone.isServiceOn)
    }

    @Test
    fun `silenced it is seen and not heard, and a nudge is heard again`() {
        phone = FakePhone(isTelecomThere = false)
        rings()
        phone.presenter.silence()
        assertEquals(Manner.Silenced, phone.ring?.manner)
        assertEquals(1, phone.heard)
        says(Nudge(CID))
        assertEquals(Manner.Loud, phone.ring?.manner)
        assertEquals(2, phone.heard)
    }

    @Test
    fun `a ring that is told again is not heard twice`() {
        phone = FakePhone(isTelecomThere = false)
        rings()
        phone.pass(1.seconds)
        rings()
        assertEquals(1, phone.heard)
    }

    @Test
    fun `a ring whose end is another one is shown anew`() {
        phone = FakePhone(isTelecomThere = false)
        rings()
        phone.pass(20.seconds)
        rings()
        assertEquals(phone.now + 45.seconds, phone.ring?.until)
        assertEquals(2, phone.heard)
    }

    @Test
    fun `what is left here is over at once, whenever the station hears of it`() {
        rings()
        val connection = phone.connect()
        phone.presenter.showRing(1)
        phone.presenter.leave()
        assertNotNull("it has yet to be told", phone.calls.call)
        assertNull(phone.ring)
        assertEquals(1, connection?.causes?.size)
    }

    @Test
    fun `Telecom's hold stops the sound before the station agrees`() {
        joins()
        says(standing(CID, Status.Ongoing))
        val connection = taken()
        phone.presenter.hold(true)
        assertTrue(phone.isPaused)
        assertEquals(TelecomState.OnHold, connection.states.last())
        assertEquals(listOf(Hold(CID, true)), phone.asked.filterIsInstance<Hold>())
        phone.happens(Event.Granted(Hold(CID, true), Done()))
        phone.presenter.hold(false)
        phone.happens(Event.Granted(Hold(CID, false), Done()))
        assertFalse(phone.isPaused)
        assertEquals(TelecomState.Active, connection.states.last())
    }

    @Test
    fun `the person says when it goes on, for as long as this side holds it`() {
        joins()
        says(standing(CID, Status.Ongoing))
        val connection = taken()
        phone.presenter.hold(true)
        phone.presenter.hold(false)
        phone.happens(Event.Granted(Hold(CID, true), Done()))
        assertEquals("the station was slow", true, ongoing().isPaused)
        phone.presenter.hold(false)
        phone.happens(Event.Granted(Hold(CID, false), Done()))
        assertEquals(false, ongoing().isPaused)
        assertEquals(TelecomState.Active, connection.states.last())
    }

    @Test
    fun `a hold outlives the answer to the resume before`() {
        joins()
        says(standing(CID, Status.Ongoing))
        val connection = taken()
        phone.presenter.hold(true)
        phone.happens(Event.Granted(Hold(CID, true), Done()))
        phone.presenter.hold(false)
        phone.presenter.hold(true)
        phone.happens(Event.Granted(Hold(CID, false), Done()))
        assertTrue(phone.isPaused)
        assertEquals(TelecomState.OnHold, connection.states.last())
        assertEquals(Hold(CID, true), phone.asked.last())
    }

    @Test
    fun `a call that gave way before it was joined is held when it is`() {
        rings()
        phone.press(Button.Answer)
        phone.presenter.giveWay()
        assertTrue(phone.isPaused)
        assertEquals(emptyList<Hold>(), phone.asked.filterIsInstance<Hold>())
        phone.happens(Event.Granted(Accept(CID), Done()))
        says(standing(CID, Status.Ongoing))
        assertEquals(listOf(Hold(CID, true)), phone.asked.filterIsInstance<Hold>())
    }

    @Test
    fun `what was declined while the process began anew does not ring again`() {
        phone.presenter.decline(CID)
        rings()
        assertNull(phone.presenter.call)
        assertEquals(emptyList<Announcement>(), phone.announced)
        assertEquals(listOf(Reject(CID)), phone.asked.filterIsInstance<Reject>())
        phone = FakePhone(isTelecomThere = false)
        phone.presenter.decline(CID)
        rings(CallId(8))
        assertNotNull("another one", phone.ring)
        phone = FakePhone(isTelecomThere = false)
        phone.presenter.decline(CID)
        phone.pass(15.seconds)
        rings()
        assertNotNull("long ago", phone.ring)
    }

    @Test
    fun `a ring whose answer was refused waits for no other call`() {
        rings()
        phone.press(Button.Answer)
        phone.presenter.giveWay()
        phone.happens(Event.Refused(Accept(CID), Failed(Code.NoAnswer)))
        assertFalse(phone.isPaused)
        phone.press(Button.Answer)
        assertEquals(false, ongoing().isPaused)
    }

    @Test
    fun `on hold, a call that Telecom does not look after leaves the sound to others`() {
        phone = FakePhone(isTelecomThere = false)
        joins()
        assertTrue(phone.isOwnAudio)
        phone.presenter.giveWay()
        assertFalse(phone.isOwnAudio)
        phone.presenter.hold(false)
        assertTrue(phone.isOwnAudio)
    }

    @Test
    fun `a ring gives way to nobody`() {
        rings()
        phone.presenter.giveWay()
        assertFalse(phone.isPaused)
    }

    @Test
    fun `who answers, calls or resumes is in this call`() {
        rings()
        assertEquals(0, phone.entered)
        phone.press(Button.Answer)
        assertEquals(1, phone.entered)
        phone.happens(Event.Granted(Accept(CID), Done()))
        says(standing(CID, Status.Ongoing))
        phone.presenter.hold(true)
        assertEquals(1, phone.entered)
        phone.presenter.hold(false)
        assertEquals(2, phone.entered)
        phone = FakePhone()
        phone.press(Button.Call(Media.Audio))
        assertEquals(1, phone.entered)
    }

    @Test
    fun `what Telecom rejects by itself rings all the same, and what a person rejects does not`() {
        rings()
        val connection = checkNotNull(phone.connect())
        phone.presenter.showRing(1)
        phone.presenter.reject()
        assertEquals(listOf(Cause.Rejected), connection.causes)
        assertNotNull(phone.ring)
        assertEquals(emptyList<Reject>(), phone.asked.filterIsInstance<Reject>())
        ends(CID, Status.Missed)
        assertEquals(setOf(CID), phone.missed.keys)
        rings(CallId(8))
        phone.connect()
        phone.pass(1.seconds)
        phone.presenter.reject()
        assertEquals(listOf(Reject(CallId(8))), phone.asked.filterIsInstance<Reject>())
    }

    @Test
    fun `a ring that only Telecom's calls may show is shown when Telecom has it`() {
        phone = FakePhone(needsTelecom = true)
        rings()
        phone.pass(2.seconds)
        assertNull(phone.ring)
        phone.connect()
        assertNotNull(phone.ring)
        assertEquals(1, phone.heard)
    }

    @Test
    fun `who wants to be heard is, though a headset had muted the whole phone`() {
        joins()
        phone.isPhoneMuted = true
        phone.presenter.mute(true)
        assertTrue(phone.isPhoneMuted)
        phone.presenter.mute(false)
        assertFalse(phone.isPhoneMuted)
    }

    @Test
    fun `what was missed is told once, whatever ends`() {
        rings()
        ends(CID, Status.Missed)
        phone.missed.clear()
        phone.presenter.revoked()
        phone.happens(Event.TimePassed)
        assertEquals(emptySet<CallId>(), phone.missed.keys)
    }

    @Test
    fun `who gives way to another app's call goes on when the person says so`() {
        joins()
        says(standing(CID, Status.Ongoing))
        val connection = taken()
        phone.presenter.giveWay()
        phone.presenter.giveWay()
        assertEquals(TelecomState.OnHold, connection.states.last())
        assertEquals(1, phone.asked.filterIsInstance<Hold>().size)
        assertEquals(true, ongoing().isPaused)
        phone.presenter.hold(false)
        assertEquals(false, ongoing().isPaused)
        assertEquals(TelecomState.Active, connection.states.last())
    }

    @Test
    fun `a dialled call is an outgoing one for Telecom`() {
        phone.press(Button.Call(Media.Audio))
        assertEquals(false, phone.announced.single().isIncoming)
        assertEquals(listOf(TelecomState.Dialing), phone.connect()?.states)
        assertFalse(phone.isServiceOn)
    }

    @Test
    fun `a missed call is told, and taken back when another answered`() {
        rings()
        phone.pass(45.seconds)
        phone.happens(Event.TimePassed)
        assertEquals(setOf(CID), phone.missed.keys)
        ends(CID, Status.Elsewhere)
        assertEquals(emptySet<CallId>(), phone.missed.keys)
    }

    @Test
    fun `a call that another handset answered is not missed`() {
        rings()
        ends(CID, Status.Elsewhere)
        assertEquals(emptySet<CallId>(), phone.missed.keys)
    }

    @Test
    fun `a station that is quiet is seen, not heard, and Telecom hears of an answer first`() {
        phone.presenter.change(QUIET)
        rings()
        assertEquals(Manner.Aside, phone.ring?.manner)
        assertEquals(0, phone.heard)
        assertEquals(emptyList<Announcement>(), phone.announced)
        phone.press(Button.Answer)
        assertEquals(1, phone.announced.size)
        phone.happens(Event.Granted(Accept(CID), Done()))
        assertEquals(TelecomState.Active, taken().states.last())
        assertNull(phone.ring)
    }

    @Test
    fun `a ring that is there becomes quiet, and loud, as the person wants`() {
        rings()
        phone.presenter.showRing(1)
        phone.presenter.change(QUIET)
        assertEquals(Manner.Aside, phone.ring?.manner)
        phone.presenter.change(StationSettings())
        assertEquals(Manner.Loud, phone.ring?.manner)
        assertEquals("heard again", 2, phone.heard)
        assertEquals("told once", 1, phone.announced.size)
    }

    @Test
    fun `one that begins quiet and becomes loud goes through Telecom like any other`() {
        phone.presenter.change(QUIET)
        rings()
        phone.presenter.change(StationSettings())
        assertEquals(1, phone.announced.size)
        phone.presenter.showRing(1)
        assertEquals(Manner.Loud, phone.ring?.manner)
        assertEquals(1, phone.heard)
    }

    @Test
    fun `of a quiet station only rings are quiet`() {
        phone.presenter.change(QUIET)
        phone.press(Button.Call(Media.Video))
        assertEquals(1, phone.announced.size)
        assertNotNull(phone.awaited)
    }

    @Test
    fun `a call that was missed quietly is told quietly`() {
        phone.presenter.change(QUIET)
        rings()
        ends(CID, Status.Missed)
        assertEquals(true, phone.missed[CID]?.isQuiet)
    }

    @Test
    fun `a call that is there when the app starts is shown as it is`() {
        says(standing(CID, Status.Ongoing))
        assertTrue(phone.isServiceOn)
        assertEquals(TelecomState.Active, taken().states.last())
    }

    @Test
    fun `who took the ring is told for three seconds, and nothing else comes of it`() {
        for (connects in listOf(false, true)) {
            phone = FakePhone(isTelecomThere = connects, connectsAtOnce = connects)
            rings()
            phone.pass(2.seconds)
            ends(CID, Status.Elsewhere, "Kitchen")
            assertEquals("Kitchen", phone.presenter.elsewhere?.answeredBy)
            assertNothingIsLeft("elsewhere", phone)
            assertEquals(emptySet<CallId>(), phone.missed.keys)
            phone.pass(2_999.milliseconds)
            assertNotNull(phone.presenter.elsewhere)
            phone.pass(1.milliseconds)
            assertNull(phone.presenter.elsewhere)
        }
    }

    @Test
    fun `who was slower to answer is told who was faster`() {
        rings()
        phone.press(Button.Answer)
        val error = Failed(Code.Answered, answeredBy = "Kitchen")
        phone.happens(Event.Refused(Accept(CID), error))
        assertEquals("Kitchen", phone.presenter.elsewhere?.answeredBy)
    }

    @Test
    fun `a ring that was declined at the station is told too`() {
        phone = FakePhone(isTelecomThere = false)
        rings()
        ends(CID, Status.Rejected)
        assertEquals(Status.Rejected, phone.presenter.elsewhere?.status)
    }

    @Test
    fun `who declined, never saw it ring or called out is told nothing of others`() {
        rings()
        ends(CID, Status.Elsewhere)
        assertNull("Telecom had yet to say that it rings", phone.presenter.elsewhere)
        phone = FakePhone(isTelecomThere = false)
        rings()
        phone.presenter.leave()
        ends(CID, Status.Elsewhere)
        assertNull(phone.presenter.elsewhere)
        phone.press(Button.Call(Media.Audio))
        phone.happens(Event.Granted(Dial(DialKind.Talk, Media.Audio), Done(CallId(8))))
        ends(CallId(8), Status.Rejected)
        assertNull(phone.presenter.elsewhere)
    }

    @Test
    fun `the next ring and the end of the pairing take the place of what was told`() {
        for (next in listOf({ rings(CallId(8)) }, { phone.presenter.stop() })) {
            phone = FakePhone(isTelecomThere = false)
            rings()
            ends(CID, Status.Elsewhere)
            next()
            assertNull(phone.presenter.elsewhere)
        }
    }

    @Test
    fun `the visitor presses again and it is heard again`() {
        rings()
        says(Nudge(CID))
        assertEquals("Telecom has yet to say that it rings", 0, phone.heard)
        phone.presenter.refused(1)
        says(Nudge(CID))
        assertEquals(2, phone.heard)
        phone.presenter.silence()
        says(Nudge(CID))
        assertEquals("silence was for that once", 3, phone.heard)
        ends(CID, Status.Missed)
        phone.presenter.ringOnce()
        assertNull(phone.ring)
    }

    @Test
    fun `a door can be opened while the station is reached, once at a time`() {
        assertEquals(emptyList<Door>(), phone.presenter.doors)
        says(standing(CID, Status.Ringing, doors = listOf(gate())))
        assertEquals("without a link", listOf(Door(GATE, "Gate", false, null)), doors())
        phone.happens(Event.LinkChanged(true))
        assertEquals(listOf(Door(GATE, "Gate", true, null)), doors())
        phone.presenter.openDoor(GATE)
        assertEquals(listOf(GATE), phone.opened)
        for (progress in listOf(DoorProgress.Asking(CID), DoorProgress.Opening)) {
            phone.opening = mapOf(GATE to progress)
            assertEquals(listOf(Door(GATE, "Gate", false, progress)), doors())
        }
        val opened = DoorProgress.Opened(phone.now + 6.seconds)
        phone.opening = mapOf(GATE to opened)
        assertEquals(listOf(Door(GATE, "Gate", true, opened)), doors())
        says(standing(CID, Status.Ringing, doors = listOf(gate(isLocked = true))))
        assertEquals(listOf(Door(GATE, "Gate", false, opened)), doors())
    }

    @Test
    fun `where the sound goes is said by whoever looks after it`() {
        phone.sound = Sound(Route.Speaker, setOf(Route.Speaker, Route.Earpiece))
        assertEquals("without a call", Sound(), phone.presenter.sound)
        joins()
        phone.presenter.choose(Route.Earpiece)
        assertEquals(Route.Earpiece, phone.sound.route)
        assertEquals(phone.sound, phone.presenter.sound)
        val connection = checkNotNull(phone.connect())
        assertEquals("Telecom has said nothing yet", Sound(), phone.presenter.sound)
        phone.presenter.choose(Route.Speaker)
        assertEquals(Route.Speaker, connection.sound.route)
        assertEquals(connection.sound, phone.presenter.sound)
        assertEquals(Route.Earpiece, phone.sound.route)
    }

    /** Telecom has made its side of the call, and hears how it stands. */
    private fun taken(): FakeConnection {
        val connection = checkNotNull(phone.connect())
        assertEquals(listOf(TelecomState.Ringing), connection.states)
        phone.pass(1.seconds)
        return connection
    }

    private fun ongoing() = phone.presenter.notice as Notice.Ongoing

    private fun doors() = phone.presenter.doors

    private fun says(message: FromStation) = phone.happens(Event.Said(message))

    private fun rings(cid: CallId = CID) = says(Ring(cid, "Miller", 45.seconds, Media.Video))

    private fun joins() {
        rings()
        phone.press(Button.Answer)
        phone.happens(Event.Granted(Accept(CID), Done()))
    }

    private fun ends(cid: CallId, status: Status, by: String? = null) =
        says(Ended(cid, status, Reason.of(status.word), by))

    private companion object {
        val CID = CallId(7)
        val QUIET = StationSettings(isQuiet = true)
    }
}
