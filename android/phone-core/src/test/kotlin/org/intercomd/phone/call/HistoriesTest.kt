// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.histories
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Held
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.Selected
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.link.message.Warning
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * What holds whatever the station, the person and the network do, in any order, sense or none.
 * A history that fails is told by its seed.
 */
class HistoriesTest {
    @Test
    fun `what must always hold does so in random histories`() {
        histories(3_000) { random, lines -> History(random, lines).play() }
    }
}

private class History(private val random: Random, private val lines: MutableList<String>) {
    private var calls = Calls()
    private var now = Moment(0)
    private val asked = ArrayDeque<Request>()
    private val declined = mutableSetOf<CallId>()

    fun play() {
        repeat(random.nextInt(5, 60)) { step(event()) }
        settle()
    }

    /** Whatever was going on, a phone that hears nothing more comes to rest. */
    private fun settle() {
        step(Event.LinkChanged(false))
        calls.call?.cid?.let { step(Event.MediaChanged(it, MediaState.Lost)) }
        repeat(10) {
            while (asked.isNotEmpty()) {
                step(
                    Event.Refused(asked.removeFirst(), Failed(Code.NoAnswer)),
                )
            }
            pass(calls.due()?.since(now) ?: 1.seconds)
            step(Event.TimePassed)
        }
        assertEquals(null, calls.call, "a call that lasts for ever")
        assertEquals(null, calls.due())
        assertEquals(null, calls.goneSince)
    }

    private fun step(event: Event) {
        lines += "${now.millis} $event"
        val before = calls
        val step = calls.reduce(event, now)
        assertEquals(step, before.reduce(event, now), "the same twice")
        calls = step.state
        lines += "    ${calls.call} ${step.effects}"
        asked += step.effects.filterIsInstance<Effect.Ask>().map { it.request }
        val wasDeclined =
            (event as? Event.Pressed)?.button in LEAVING && before.call?.phase is Phase.Ringing
        if (wasDeclined) declined += setOfNotNull(before.call?.cid)
        check(before, event, step)
    }

    private fun check(before: Calls, event: Event, step: Step) {
        val call = calls.call
        // One without a number may have been given one.
        val isReplaced = before.call?.cid != null && before.call?.cid != call?.cid
        val isGone = before.call != null && call == null
        val isNumbered = before.call?.cid != null || call == null
        val isLeft = Effect.Leave in step.effects
        assertTrue(!isNumbered || isLeft == (isReplaced || isGone), "left exactly when over")
        assertTrue(step.effects.count { it == Effect.Leave } <= 1, "left once")
        // It may ring anew.
        if (isReplaced || isGone) declined -= setOfNotNull(before.call?.cid)
        val cids = calls.story.mapNotNull { it.cid }
        assertEquals(cids.distinct(), cids, "one end for each call")
        assertTrue(calls.story.all { it.ending.status.isTerminal }, "an end is terminal")
        assertTrue(calls.story.size <= 20, "a list without an end")
        if (call == null) return
        val isRinging = call.phase is Phase.Ringing
        assertTrue(!call.status.isTerminal, "a call that is there is not over")
        assertTrue(!call.talks || call.phase.isInCall, "heard outside of a call")
        assertTrue(!call.talks || call.wantsMicrophone, "heard without a microphone")
        assertTrue(!(call.isMonitor && call.wantsMicrophone), "a listener with a microphone")
        assertTrue(!isRinging || !call.wantsMicrophone, "a microphone while it rings")
        assertTrue(!isRinging || calls.due() != null, "a ring without an end")
        val wasRinging = before.call?.cid == call.cid && before.call?.phase is Phase.Ringing
        val isAgain =
            isRinging && !wasRinging && call.cid == before.call?.cid && call.cid in declined
        assertTrue(!isAgain, "a declined ring came back")
        val opened = call.wantsMicrophone && before.call?.wantsMicrophone != true
        val isOwn = event is Event.Pressed
        val isTold = event is Event.Said && (event.message is StateIs || event.message is Selected)
        val isAnswerToOwn = before.call?.phase == Phase.Dialling
        assertTrue(!opened || isOwn || isTold || isAnswerToOwn, "a microphone nobody asked for")
    }

    private fun event(): Event {
        pass(listOf(0, 1, 500, 3_000, 20_000).random(random).milliseconds)
        val due = calls.due()
        return when (random.nextInt(10)) {
            0, 1, 2, 3 -> Event.Said(message())

            4, 5 -> Event.Pressed(BUTTONS.random(random))

            6, 7 -> answer() ?: Event.Said(message())

            8 ->
                when (random.nextInt(9)) {
                    in 0..3 -> Event.LinkChanged(random.nextBoolean())
                    in 4..7 -> Event.MediaChanged(cid(), MediaState.entries.random(random))
                    else -> Event.Revoked
                }

            else -> {
                if (due != null && random.nextBoolean()) pass(due.since(now))
                Event.TimePassed
            }
        }
    }

    private fun answer(): Event? {
        val request = asked.removeFirstOrNull() ?: return null
        return when (random.nextInt(3)) {
            0 -> Event.Refused(request, Failed(Code.entries.random(random)))
            else -> Event.Granted(request, Done(cid = cid()))
        }
    }

    private fun message(): FromStation {
        val (cid, media) = cid() to Media.entries.random(random)
        return when (random.nextInt(10)) {
            0, 1 -> Ring(cid, null, duration(), media)
            2, 3 -> standing(if (random.nextInt(3) == 0) null else said(cid, media))
            4 -> Selected(cid)
            5 -> Ended(cid, ENDS.random(random), Reason.entries.random(random), null)
            6 -> Nudge(cid)
            7 -> Held(cid, random.nextBoolean())
            8 -> Warning(cid, duration())
            else -> Ice(cid, SessionNo(1), 0, Candidate(""))
        }
    }

    private fun said(cid: CallId, media: Media): StateIs.Call {
        val direction = Direction.entries.random(random)
        val ringsFor = duration().takeIf { random.nextBoolean() }
        val isMonitor = direction == Direction.Incoming && random.nextInt(4) == 0
        return StateIs.Call(
            cid,
            Status.entries.random(random),
            direction,
            null,
            media,
            ringsFor,
            isMonitor,
        )
    }

    private fun cid() = CallId(random.nextLong(3))

    private fun duration() = listOf(0.seconds, 5.seconds, 45.seconds, 5.minutes).random(random)

    private fun pass(duration: Duration) {
        now += duration
    }

    private companion object {
        val ENDS = Status.entries.filter { it.isTerminal }
        val LEAVING = setOf(Button.Decline, Button.HangUp)
        val BUTTONS =
            listOf(Button.Answer, Button.Answer, Button.Decline, Button.HangUp, Button.Silence) +
                listOf(
                    Button.Mute(true),
                    Button.Mute(false),
                    Button.Hold(true),
                    Button.Hold(false),
                ) +
                listOf(Button.Call(Media.Audio), Button.Listen(Media.Video))
    }
}
