// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.intercom.telecom.Cause
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Event
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.Selected
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Test
import kotlin.time.Duration.Companion.minutes

/** Every end of a call from every state of it, with every kind of Telecom. */
class EndingsTest {
    @Test
    fun `every end from every state leaves nothing behind`() {
        for ((how, phone) in phones) {
            for ((state, reach) in states) {
                for ((name, end) in ends) {
                    val tried = phone()
                    reach(tried)
                    assertNotNull("$state is a state of a call", tried.presenter.call)
                    end(tried)
                    assertNothingIsLeft("$how, $state, $name", tried)
                }
            }
        }
    }

    @Test
    fun `Telecom hears the cause`() {
        val expected =
            listOf(
                Triple("ringing", "declined", Cause.Rejected),
                Triple("ringing", "Telecom hangs up", Cause.Rejected),
                Triple("silenced", "declined", Cause.Rejected),
                Triple("ringing", "missed", Cause.Missed),
                Triple("ringing", "elsewhere", Cause.AnsweredElsewhere),
                Triple("ringing", "failed", Cause.Error),
                Triple("ringing", "nobody says anything", Cause.Missed),
                Triple("answering", "elsewhere", Cause.AnsweredElsewhere),
                Triple("answering", "declined", Cause.Local),
                Triple("connecting", "ended", Cause.Remote),
                Triple("ongoing", "ended", Cause.Remote),
                Triple("ongoing", "declined", Cause.Local),
                Triple("ongoing", "Telecom hangs up", Cause.Local),
                Triple("on hold", "Telecom hangs up", Cause.Local),
                Triple("ongoing", "revoked", Cause.Error),
                Triple("dialling", "declined", Cause.Canceled),
                Triple("calling", "declined", Cause.Canceled),
                Triple("calling", "busy", Cause.Busy),
                Triple("calling", "rejected", Cause.Remote),
                Triple("calling", "unanswered", Cause.Remote),
            )
        val states = states.toMap()
        val ends = ends.toMap()
        for ((state, end, cause) in expected) {
            val phone = FakePhone()
            states.getValue(state)(phone)
            val connection = phone.connect()
            ends.getValue(end)(phone)
            assertEquals("$state, $end", listOf(cause), connection?.causes)
        }
    }

    private val phones: List<Pair<String, () -> FakePhone>> =
        listOf(
            "no Telecom" to { FakePhone(isTelecomThere = false) },
            "silent Telecom" to { FakePhone() },
            "Telecom at once" to { FakePhone(connectsAtOnce = true) },
        )

    private val states: List<Pair<String, (FakePhone) -> Unit>> =
        listOf(
            "ringing" to { it.rings() },
            "ringing for long" to {
                it.rings()
                it.pass(CallPresenter.TELECOM_ANSWERS_IN)
            },
            "silenced" to {
                it.rings()
                it.press(Button.Silence)
            },
            "answering" to {
                it.rings()
                it.press(Button.Answer)
            },
            "connecting" to { it.joins() },
            "ongoing" to {
                it.joins()
                it.says(standing(CID, Status.Ongoing))
            },
            "on hold" to {
                it.joins()
                it.presenter.hold(true)
            },
            "dialling" to { it.press(Button.Call(Media.Audio)) },
            "calling" to {
                it.press(Button.Call(Media.Audio))
                it.happens(Event.Granted(Dial(DialKind.Talk, Media.Audio), Done(CID)))
            },
        )

    private val ends: List<Pair<String, (FakePhone) -> Unit>> =
        Status.entries.filter { it.isTerminal }.map { status ->
            status.word to { phone: FakePhone -> phone.ends(status) }
        } +
            listOf(
                "declined" to { it.presenter.leave() },
                "Telecom hangs up" to { it.presenter.leave() },
                "declined, then ended" to {
                    it.presenter.leave()
                    it.ends(Status.Ended)
                },
                "revoked" to { it.happens(Event.Revoked) },
                "unpaired" to { it.presenter.stop() },
                "nobody says anything" to {
                    it.happens(Event.LinkChanged(false))
                    it.presenter.call?.cid?.let { cid ->
                        it.happens(Event.MediaChanged(cid, MediaState.Lost))
                    }
                    it.pass(1.minutes)
                    it.happens(Event.TimePassed)
                    if (it.presenter.call?.cid == null) it.press(Button.HangUp)
                },
            )

    private fun FakePhone.says(message: FromStation) = happens(Event.Said(message))

    private fun FakePhone.rings() = says(Ring(CID, "Miller", Calls.RINGS_FOR, Media.Video))

    private fun FakePhone.joins() {
        rings()
        press(Button.Answer)
        happens(Event.Granted(Accept(CID), Done()))
        says(Selected(CID))
    }

    private fun FakePhone.ends(status: Status) {
        // A call that is being dialled has no number by which the station could end it.
        if (presenter.call?.cid == null) {
            happens(Event.Granted(Dial(DialKind.Talk, Media.Audio), Done(CID)))
        }
        says(Ended(CID, status, Reason.of(status.word), null))
    }

    private companion object {
        val CID = CallId(7)
    }
}

internal fun assertNothingIsLeft(story: String, phone: FakePhone) {
    assertEquals("$story: call", null, phone.presenter.call)
    assertEquals("$story: ring", null, phone.ring)
    assertEquals("$story: notification", null, phone.awaited)
    assertEquals("$story: service", false, phone.isServiceOn)
    assertEquals("$story: audio", false, phone.isOwnAudio)
    assertEquals("$story: paused", false, phone.isPaused)
    for (connection in phone.connections) {
        assertEquals("$story: ended once, not ${connection.causes}", 1, connection.causes.size)
    }
}
