// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.Busy
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.HangUp
import org.intercomd.phone.link.message.Held
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.Ringing
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.link.message.Warning
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.seconds

class CallsTest {
    private val want = Effect.WantSession(CID)
    private val confirmed = listOf(Effect.Notify(Ringing(CID)), want)

    @Test
    fun `a ring rings, is confirmed, and asks for a session at once`() {
        val step = after(rung)
        assertEquals(confirmed, step.effects)
        assertTrue(step.there.rings)
        assertEquals("Flat 2", step.there.contact)
        assertEquals(Status.Ringing, step.there.status)
        assertEquals(Moment(45_000), step.state.due())
    }

    @Test
    fun `a ring ends by itself at the end of its time, without a network`() {
        assertTrue(after(rung, time(44)).there.rings)
        val step = after(rung, time(45))
        assertNull(step.call)
        assertEquals(Ending(Status.Missed, Reason.Missed, isGuess = true), step.last.ending)
        assertEquals(listOf(Effect.Leave), step.effects)
    }

    @Test
    fun `a ring that comes again rings for what is left and is confirmed again`() {
        val step = after(rung, said(RING.copy(ringsFor = 10.seconds), 30))
        assertEquals(Moment(40_000), step.state.due())
        assertEquals(confirmed, step.effects)
    }

    @Test
    fun `answering opens the microphone, and nothing is heard before the station says who won`() {
        val asked = after(rung, pressed(Button.Answer))
        assertEquals(listOf(Effect.Ask(Accept(CID))), asked.effects)
        assertTrue(asked.there.wantsMicrophone)
        assertFalse(asked.there.talks)
        assertFalse(after(rung).there.wantsMicrophone)
        val won = after(answered)
        assertEquals(Status.Connecting, won.there.status)
        assertTrue(won.there.talks)
        assertEquals(listOf(want), won.effects)
    }

    @Test
    fun `a call counts as ongoing once the station says so, and its length from then`() {
        val step = after(talking)
        assertEquals(Phase.Ongoing, step.there.phase)
        val over = after(talking + ended(Status.Ended, Reason.Ended, second = 43))
        assertEquals(42.seconds, over.last.lasted)
    }

    @Test
    fun `another handset's answer ends the ring and says who it was`() {
        val step = after(rung, ended(Status.Elsewhere, Reason.Elsewhere, "Hall"))
        assertNull(step.call)
        assertEquals(Ending(Status.Elsewhere, Reason.Elsewhere, "Hall"), step.last.ending)
        assertEquals(listOf(Effect.Leave), step.effects)
    }

    @Test
    fun `whoever loses the race learns who won, once`() {
        val lost = refused(Accept(CID), Code.Answered, "Hall")
        val ended = ended(Status.Elsewhere, Reason.Elsewhere, "Hall")
        for (events in listOf(listOf(lost), listOf(lost, ended), listOf(ended, lost))) {
            val step = after(listOf(rung, pressed(Button.Answer)) + events)
            assertNull(step.call)
            val told = step.state.story.map { it.ending.status to it.ending.answeredBy }
            assertEquals(listOf(Status.Elsewhere to "Hall"), told)
        }
    }

    @Test
    fun `an answer that reached nobody rings on, while there is time`() {
        val unheard = refused(Accept(CID), Code.NoAnswer, second = 10)
        val step = after(rung, pressed(Button.Answer), unheard)
        assertTrue(step.there.rings)
        assertEquals(Moment(45_000), step.state.due())
        assertEquals(listOf(Effect.Explain(Accept(CID), Failed(Code.NoAnswer))), step.effects)
        assertNull(after(rung, pressed(Button.Answer), unheard.copy(second = 45)).call)
        assertNull(after(rung, pressed(Button.Answer), refused(Accept(CID), Code.NotFound)).call)
    }

    @Test
    fun `an answer of which nothing is heard ends ten seconds after the ring would have`() {
        assertEquals(Moment(55_000), after(rung, pressed(Button.Answer)).state.due())
        val step = after(rung, pressed(Button.Answer), time(55))
        assertEquals(Status.Failed, step.last.ending.status)
    }

    @Test
    fun `declining is quiet at once, whether or not the station hears of it`() {
        val asked = after(rung, pressed(Button.Decline))
        assertFalse(asked.there.rings)
        assertEquals(listOf(Effect.Ask(Reject(CID))), asked.effects)
        val heard = after(rung, pressed(Button.Decline), granted(Reject(CID)))
        assertEquals(Status.Rejected, heard.last.ending.status)
        val unheard = after(rung, pressed(Button.Decline), refused(Reject(CID), Code.NoAnswer))
        assertEquals(Status.Rejected, unheard.last.ending.status)
        val explain = Effect.Explain(Reject(CID), Failed(Code.NoAnswer))
        assertEquals(listOf(Effect.Leave, explain), unheard.effects)
    }

    @Test
    fun `declining and hanging up are one wish, and mean what the call is at`() {
        val answering = listOf(rung, pressed(Button.Answer))
        val asked =
            mapOf(
                listOf(rung) to Reject(CID),
                answering to HangUp(CID),
                answered to HangUp(CID),
                talking to HangUp(CID),
                calling to HangUp(CID),
            )
        for ((events, request) in asked) {
            for (button in listOf(Button.Decline, Button.HangUp)) {
                val left = events + pressed(button)
                assertEquals(listOf(Effect.Ask(request)), after(left).effects)
                assertTrue(after(left).there.phase is Phase.Leaving)
                assertEquals(emptyList<Effect>(), after(left + pressed(button)).effects)
            }
        }
    }

    @Test
    fun `nothing brings back a ring that was declined`() {
        val step = after(rung, pressed(Button.Decline), rung, stateIs(Status.Ringing))
        assertEquals(Phase.Leaving(Status.Ringing), step.there.phase)
    }

    @Test
    fun `silencing keeps the call, and a nudge ends the silence`() {
        val silenced = listOf(rung, pressed(Button.Silence))
        assertFalse(after(silenced).there.rings)
        assertEquals(Status.Ringing, after(silenced).there.status)
        assertFalse(after(silenced + stateIs(Status.Ringing)).there.rings)
        assertTrue(after(silenced + said(Nudge(CID))).there.rings)
        assertEquals(listOf(Effect.RingOnce), after(rung, said(Nudge(CID))).effects)
        assertEquals(emptyList<Effect>(), after(rung, said(Nudge(CallId(8)))).effects)
    }

    @Test
    fun `a station that knows of no call ends the ring, as missed until it says more`() {
        val step = after(rung, noCall)
        assertNull(step.call)
        assertEquals(Ending(Status.Missed, Reason.Missed, isGuess = true), step.last.ending)
    }

    @Test
    fun `what the station says later corrects what this side guessed, and only that`() {
        val cancelled = ended(Status.Missed, Reason.Cancelled)
        val step = after(rung, noCall, cancelled)
        assertEquals(
            listOf(Ending(Status.Missed, Reason.Cancelled)),
            step.state.story.map {
                it.ending
            },
        )
        val again = ended(Status.Failed, Reason.Unreachable)
        assertEquals(Reason.Cancelled, after(rung, cancelled, again).last.ending.reason)
    }

    @Test
    fun `an app that was ended in the middle of a call goes on with it`() {
        val step = after(stateIs(Status.Ongoing))
        assertEquals(Phase.Ongoing, step.there.phase)
        // It may have been held here.
        assertEquals(listOf(want, Effect.Ask(Hold(CID, false))), step.effects)
        assertEquals(listOf(want), after(stateIs(Status.Connecting)).effects)
        val ringing = after(stateIs(Status.Ringing, ringsFor = 12.seconds))
        assertEquals(Moment(12_000), ringing.state.due())
        assertEquals(emptyList<Effect>(), ringing.effects)
        assertEquals(Moment(45_000), after(stateIs(Status.Initiated)).state.due())
    }

    private val connected = listOf(linked(true)) + talking + media(MediaState.Connected, 1)
    private val alone = connected + linked(false, 20) + media(MediaState.Lost, 22)

    @Test
    fun `a call ends by itself ten seconds after the station was last reached`() {
        assertEquals(Moment(32_000), after(alone).state.due())
        assertEquals(Phase.Ongoing, after(alone + time(31)).there.phase)
        val step = after(alone + time(32))
        assertNull(step.call)
        assertEquals(
            Ending(Status.Failed, Reason.TransportLost, isGuess = true),
            step.last.ending,
        )
        assertEquals(31.seconds, step.last.lasted)
        assertEquals(listOf(Effect.Leave), step.effects)
    }

    @Test
    fun `a call lasts while the station is reached by either its link or its media`() {
        assertNull(after(connected + linked(false, 20)).state.due())
        assertNull(after(connected + media(MediaState.Lost, 20)).state.due())
        assertNull(after(alone + media(MediaState.Connected, 30)).state.due())
        assertNull(after(alone + linked(true, 30)).state.due())
        val again = alone + linked(true, 30) + linked(false, 31)
        assertEquals(Moment(41_000), after(again).state.due())
        val rings = listOf(linked(true)) + calling + linked(false, 5)
        assertEquals(Moment(15_000), after(rings).state.due())
    }

    @Test
    fun `who left a call while the station was away is out of it when the station is back`() {
        val gone = alone + time(32) + stateIs(Status.Ongoing)
        assertEquals(listOf(Effect.Ask(HangUp(CID))), after(gone).effects)
        assertNull(after(gone + selected).call)
        val unheard = talking + pressed(Button.HangUp) + refused(HangUp(CID), Code.NoAnswer)
        assertEquals(
            listOf(Effect.Ask(HangUp(CID))),
            after(unheard + stateIs(Status.Ongoing)).effects,
        )
        val told = after(gone + ended(Status.Failed, Reason.MediaTimeout)).state.story
        assertEquals(listOf(Reason.MediaTimeout), told.map { it.ending.reason })
    }

    @Test
    fun `mute and hold stop what the visitor hears, and hold is the station's to grant`() {
        assertFalse(after(talking + pressed(Button.Mute(true))).there.talks)
        assertTrue(
            after(talking + pressed(Button.Mute(true)) + pressed(Button.Mute(false))).there.talks,
        )
        val asked = after(talking + pressed(Button.Hold(true)))
        assertEquals(listOf(Effect.Ask(Hold(CID, true))), asked.effects)
        assertFalse(asked.there.isHeld)
        val held = talking + granted(Hold(CID, true))
        assertFalse(after(held).there.talks)
        assertFalse(after(held).there.listens)
        val byStation = talking + said(Held(CID, true))
        assertFalse(after(byStation).there.talks)
        assertTrue(after(byStation + said(Held(CID, false))).there.talks)
    }

    @Test
    fun `the station hears each wish about hold, whatever became of the last one`() {
        for (on in listOf(true, false)) {
            for (last in listOf(true, false)) {
                val wish = talking + granted(Hold(CID, last)) + pressed(Button.Hold(on))
                assertEquals(listOf(Effect.Ask(Hold(CID, on))), after(wish).effects)
            }
        }
    }

    @Test
    fun `hanging up asks the station and ends here when it agrees or is silent`() {
        val asked = after(talking + pressed(Button.HangUp))
        assertEquals(listOf(Effect.Ask(HangUp(CID))), asked.effects)
        assertFalse(asked.there.wantsMicrophone)
        val heard = after(talking + pressed(Button.HangUp) + granted(HangUp(CID)))
        assertEquals(Status.Ended, heard.last.ending.status)
        val early = after(calling + pressed(Button.HangUp) + granted(HangUp(CID)))
        assertEquals(Status.Cancelled, early.last.ending.status)
        assertNull(
            after(talking + pressed(Button.HangUp) + refused(HangUp(CID), Code.NoAnswer)).call,
        )
    }

    @Test
    fun `a call to the station rings there until somebody answers`() {
        val asked = after(dialled)
        assertEquals(listOf(Effect.Ask(DIAL)), asked.effects)
        assertEquals(Status.Initiated, asked.there.status)
        val there = after(calling)
        assertEquals(Phase.Calling, there.there.phase)
        assertEquals(listOf(want), there.effects)
        assertFalse(there.there.talks)
        assertTrue(after(calling + selected).there.talks)
    }

    @Test
    fun `how things stand may come before the number of a dialled call`() {
        val incoming = stateIs(Status.Ringing, Direction.Incoming)
        val step = after(dialled + incoming + granted(DIAL, Done(cid = CID)))
        assertEquals(Phase.Calling, step.there.phase)
        assertEquals(listOf(want), step.effects)
        assertEquals(Phase.Dialling, after(dialled + noCall).there.phase)
    }

    @Test
    fun `a refused call says why and is gone`() {
        val step = after(dialled + refused(DIAL, Code.Busy))
        assertNull(step.call)
        assertEquals(0, step.state.story.size)
        assertEquals(listOf(Effect.Leave, Effect.Explain(DIAL, Failed(Code.Busy))), step.effects)
    }

    @Test
    fun `hanging up before the call has a number hangs up when it has one`() {
        val left = dialled + pressed(Button.HangUp)
        assertEquals(
            listOf(Effect.Ask(HangUp(CID))),
            after(left + granted(DIAL, Done(cid = CID))).effects,
        )
        assertNull(after(left + refused(DIAL, Code.NoAnswer)).call)
        // Whoever tells it first; a ring of the same moment may be answered by the dial.
        for (direction in Direction.entries) {
            val known = left + stateIs(Status.Ringing, direction)
            assertEquals(listOf(Effect.Ask(HangUp(CID))), after(known).effects)
            val answered = after(known + granted(DIAL, Done(cid = CID)))
            assertEquals(emptyList<Effect>(), answered.effects)
        }
    }

    @Test
    fun `a ring during one's own dialling is the answer to it, whatever becomes of the dialling`() {
        assertEquals(Phase.Answering(Moment(45_000)), after(dialled + rung).there.phase)
        assertEquals(Phase.Connecting, after(dialled + rung + selected).there.phase)
        val refused = after(dialled + rung + refused(DIAL, Code.NoAnswer))
        assertEquals(CID, refused.there.cid)
        assertFalse(Effect.Leave in refused.effects)
        val listening = after(pressed(Button.Listen(Media.Video)), rung, selected)
        assertFalse(listening.there.talks)
    }

    @Test
    fun `listening in opens no microphone`() {
        val step =
            after(
                pressed(Button.Listen(Media.Video)),
                granted(Dial(DialKind.Monitor, Media.Video), Done(cid = CID)),
            )
        assertEquals(listOf(want), step.effects)
        assertEquals(Phase.Connecting, step.there.phase)
        assertFalse(step.there.wantsMicrophone)
        assertFalse(step.there.talks)
        assertTrue(step.there.listens)
    }

    @Test
    fun `a second call is busy while the first one lasts`() {
        val step = after(talking + said(RING.copy(cid = CallId(8))))
        assertEquals(CID, step.there.cid)
        assertEquals(listOf(Effect.Notify(Busy(CallId(8)))), step.effects)
    }

    @Test
    fun `a newer ring takes the place of one that the station forgot to end`() {
        val step = after(rung, said(RING.copy(cid = CallId(8))))
        assertEquals(CallId(8), step.there.cid)
        assertEquals(listOf(CID), step.state.story.map { it.cid })
        assertEquals(Effect.Leave, step.effects.first())
    }

    @Test
    fun `sessions and candidates of other calls are dropped`() {
        val offer = Offer(CID, SessionNo(1), Sdp("v=0"), emptyList())
        val ice = Ice(CID, SessionNo(1), 0, Candidate(""))
        assertEquals(listOf(Effect.TakeOffer(offer)), after(rung, said(offer)).effects)
        assertEquals(listOf(Effect.AddCandidate(ice)), after(rung, said(ice)).effects)
        assertEquals(emptyList<Effect>(), after(rung, said(offer.copy(cid = CallId(8)))).effects)
        assertEquals(emptyList<Effect>(), after(rung, pressed(Button.Decline), said(offer)).effects)
        assertEquals(emptyList<Effect>(), after(said(offer)).effects)
    }

    @Test
    fun `a warning says when the call ends`() {
        assertEquals(
            Moment(61_000),
            after(talking + said(Warning(CID, 60.seconds), 1)).there.endsAt,
        )
    }

    @Test
    fun `what does not fit is ignored`() {
        val buttons =
            listOf(Button.Answer, Button.Decline, Button.HangUp, Button.Silence) +
                listOf(Button.Mute(true), Button.Hold(true))
        for (button in buttons) assertEquals(Step(Calls()), after(pressed(button)))
        val messages =
            listOf(Nudge(CID), Held(CID, true), Warning(CID, 1.seconds)) +
                Ended(CID, Status.Ended, Reason.Ended, null)
        for (message in messages) assertEquals(Step(Calls()), after(said(message)))
        assertEquals(Step(Calls()), after(selected))
    }

    @Test
    fun `a list of calls does not grow for ever`() {
        val many =
            (0L until 50).flatMap {
                val cid = CallId(it)
                listOf(
                    said(RING.copy(cid = cid)),
                    said(Ended(cid, Status.Missed, Reason.Missed, null)),
                )
            }
        val story = after(many).state.story
        assertEquals(20, story.size)
        assertEquals(CallId(49), story.first().cid)
    }
}
