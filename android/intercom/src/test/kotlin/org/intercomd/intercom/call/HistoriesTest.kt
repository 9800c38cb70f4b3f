// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Ending
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.histories
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.Selected
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.random.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * What holds whatever the station, the person, the network and Telecom do, in any order. A history
 * that fails is told by its seed.
 */
class HistoriesTest {
    @Test
    fun `what must always hold does so in random histories`() {
        histories(3_000) { random, lines -> History(random, lines).play() }
    }
}

private class History(private val random: Random, private val lines: MutableList<String>) {
    private val phone = FakePhone(isTelecomThere = random.nextInt(4) != 0)

    /** How many calls had been announced when it began to be silent, and when that was. */
    private var silent: Pair<Int, Moment>? = null

    /** What is being told of another handset, and since when. */
    private var told: Pair<Ending, Moment>? = null

    fun play() {
        repeat(random.nextInt(5, 60)) {
            phone.pass(listOf(0, 1, 500, 1_999, 3_000).random(random).milliseconds)
            step()
            lines += "${phone.now.millis} ${phone.calls.call} ${phone.presenter.notice}"
            check()
        }
        phone.happens(Event.LinkChanged(false))
        repeat(3) {
            phone.calls.call?.cid?.let {
                phone.happens(Event.MediaChanged(it, MediaState.Lost))
            }
            while (phone.asked.isNotEmpty()) refuse()
            phone.pass(5.minutes)
            phone.happens(Event.TimePassed)
        }
        assertNothingIsLeft("in the end", phone)
    }

    private fun step() = when (random.nextInt(11)) {
        0, 1, 2, 3 -> happens(Event.Said(message()))
        4 -> happens(Event.Pressed(BUTTONS.random(random)))
        5 -> answer()
        6, 7 -> telecom()
        8 -> android()
        9 -> door()
        else -> happens(other())
    }

    /** Whatever it says is about a call that it was told of, if an old one. */
    private fun telecom() {
        val number = phone.announced.randomOrNull(random)?.number ?: return
        lines += "Telecom of $number"
        when (random.nextInt(4)) {
            0, 1 -> phone.connect(number)
            2 -> phone.presenter.refused(number)
            else -> phone.presenter.showRing(number)
        }
    }

    private fun door() {
        val progress = PROGRESS.random(random)
        lines += "the gate: $progress"
        phone.opening = progress?.let { mapOf(GATE to it) }.orEmpty()
    }

    private fun android() {
        val wish = random.nextInt(13)
        lines += "Android wants $wish"
        with(phone.presenter) {
            when (wish) {
                0 -> answer()
                1 -> leave()
                2 -> hold(true)
                3 -> hold(false)
                4 -> silence()
                5 -> ringOnce()
                6, 7 -> change(StationSettings(isQuiet = random.nextBoolean()))
                8 -> reject()
                9 -> giveWay()
                10 -> decline(cid())
                else -> mute(random.nextBoolean())
            }
        }
    }

    private fun other(): Event = when (random.nextInt(9)) {
        in 0..2 -> Event.LinkChanged(random.nextBoolean())
        in 3..6 -> Event.MediaChanged(cid(), MediaState.entries.random(random))
        7 -> Event.TimePassed
        else -> Event.Revoked
    }

    private fun happens(event: Event) {
        lines += "$event"
        phone.happens(event)
    }

    private fun answer() {
        if (random.nextInt(3) == 0) return refuse()
        val request = phone.asked.removeFirstOrNull() ?: return
        happens(Event.Granted(request, Done(cid = cid())))
    }

    private fun refuse() {
        val request = phone.asked.removeFirstOrNull() ?: return
        happens(Event.Refused(request, Failed(Code.entries.random(random))))
    }

    private fun check() {
        val call = phone.calls.call?.takeUnless { it.phase is Phase.Leaving }
        assertEquals("is shown", call, phone.presenter.call)
        checkElsewhere(call)
        checkDoors()
        if (call == null) return assertNothingIsLeft("without a call", phone)
        val living = phone.connections.filter { it.causes.isEmpty() }
        assertTrue("a second connection", living.size <= 1)
        assertTrue("ended twice", phone.connections.all { it.causes.size <= 1 })
        val isRinging = call.phase is Phase.Ringing
        assertTrue("rings and does not", phone.ring == null || isRinging)
        val isQuiet = phone.presenter.settings.isQuiet
        val isAside = phone.ring?.let { it.manner == Notice.Ring.Manner.Aside }
        if (isRinging && isQuiet) assertEquals("disturbs", true, isAside)
        if (isRinging && !isQuiet) assertTrue("is not heard of", isAside != true)
        assertEquals("service", call.phase.isInCall, phone.isServiceOn)
        assertEquals("waits", !isRinging && !call.phase.isInCall, phone.awaited != null)
        val ongoing = phone.presenter.notice as? Notice.Ongoing
        if (ongoing != null) {
            assertEquals("goes on", phone.isPaused || call.isHeld, ongoing.isPaused)
        }
        if (living.isNotEmpty()) assertEquals("two look after audio", false, phone.isOwnAudio)
        checkPatience(isRinging && phone.ring == null)
    }

    private fun checkElsewhere(call: Call?) {
        val ending = phone.presenter.elsewhere ?: return
        assertEquals("elsewhere and here", null, call)
        val (known, since) = told?.takeIf { it.first === ending } ?: (ending to phone.now)
        told = known to since
        val lasted = phone.now.since(since)
        assertTrue("told for $lasted", lasted < CallPresenter.ELSEWHERE_TOLD_FOR)
        assertTrue("$ending", ending.status in setOf(Status.Elsewhere, Status.Rejected))
    }

    private fun checkDoors() {
        val said = phone.calls.station?.doors.orEmpty()
        assertEquals("doors", said.map { it.name }, phone.presenter.doors.map { it.name })
        for ((door, shown) in said.zip(phone.presenter.doors)) {
            assertEquals("progress", phone.opening[door.name], shown.progress)
            val isFree = !door.isLocked && shown.progress?.isUnderWay != true
            assertEquals("may be opened", isFree && phone.calls.isLinked, shown.mayOpen)
        }
    }

    private fun checkPatience(isSilent: Boolean) {
        val isNew = phone.announced.size != silent?.first
        if (!isSilent || isNew) silent = null
        if (!isSilent) return
        val (_, since) = silent ?: (phone.announced.size to phone.now).also { silent = it }
        val waited = phone.now.since(since)
        assertTrue("no ring for $waited", waited < CallPresenter.TELECOM_ANSWERS_IN)
    }

    private fun message(): FromStation {
        val (cid, media) = cid() to Media.entries.random(random)
        return when (random.nextInt(8)) {
            0, 1, 2 -> Ring(cid, null, listOf(5, 45).random(random).seconds, media)
            3 -> Selected(cid)
            4 -> Ended(cid, ENDS.random(random), Reason.entries.random(random), BY.random(random))
            5 -> Nudge(cid)
            else -> anyStanding(cid, media)
        }
    }

    private fun anyStanding(cid: CallId, media: Media): StateIs {
        val (status, direction) = Status.entries.random(random) to Direction.entries.random(random)
        val doors = listOf(emptyList(), listOf(gate(random.nextBoolean()))).random(random)
        val standing = standing(cid, status, direction, media, doors)
        return if (random.nextInt(3) == 0) standing.copy(call = null) else standing
    }

    private fun cid() = CallId(random.nextLong(3))

    private companion object {
        val ENDS = Status.entries.filter { it.isTerminal }
        val BY = listOf(null, "Kitchen")
        val PROGRESS =
            listOf(
                null,
                DoorProgress.Asking(null),
                DoorProgress.Opening,
                DoorProgress.Opened(Moment(0)),
                DoorProgress.Refused(Failed(Code.Locked), Moment(0)),
            )
        val BUTTONS =
            listOf(
                Button.Answer,
                Button.Decline,
                Button.HangUp,
                Button.Silence,
                Button.Mute(true),
                Button.Hold(true),
                Button.Hold(false),
                Button.Call(Media.Audio),
            )
    }
}
