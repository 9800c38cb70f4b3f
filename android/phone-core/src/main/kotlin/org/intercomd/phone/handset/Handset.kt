// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.handset

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Effect
import org.intercomd.phone.call.Event
import org.intercomd.phone.call.Phase
import org.intercomd.phone.call.reduce
import org.intercomd.phone.door.DoorEffect
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.door.Doors
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Connection
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.message.Busy
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Notice
import org.intercomd.phone.link.message.Pushed
import org.intercomd.phone.link.message.PushedRing
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.push.PushRefused
import org.intercomd.phone.push.readPush
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.time.earliest
import org.intercomd.phone.words.MediaState
import kotlin.random.Random

/**
 * A paired handset at work: one connection, the calls that come by it, the doors. It has no thread
 * and no clock. Whoever owns it tells what happened, drains [poll] after every call, and calls
 * [tick] when [due] is reached.
 */
class Handset(
    private val parties: Parties,
    addresses: List<String>,
    entropy: Entropy,
    random: Random,
    newestCall: CallId? = null,
) {
    sealed interface Output {
        /** What is to be done with sockets. */
        data class ToLink(val output: Connection.Output) : Output

        /** What is to be done with sound, pictures, the ringtone, and the person. */
        data class ToPhone(val effect: Effect) : Output

        /** Ask the person, sign, and say [signedForDoor] or [notSignedForDoor]. */
        class SignForDoor(val door: DoorName, val text: ByteArray) : Output

        data class Answered(val request: Request, val answer: FromStation) : Output

        /** What came of a push; null when it was taken. */
        data class Pushed(val refusal: PushRefusal?) : Output

        /** [calls], [link], [doorProgress] or [newestCall] may be others than before. */
        data object Changed : Output

        /** This handset is not paired any more. */
        data object Revoked : Output
    }

    private val output = ArrayDeque<Output>()
    private val connection = Connection(parties, addresses, entropy, random)
    private val doors = Doors(parties.station.thumbprint, parties.me)

    var calls = Calls()
        private set
    var link = Link(Link.Word.Stopped, null, null)
        private set
    val doorProgress: Map<DoorName, DoorProgress>
        get() = doors.progress

    /** The newest that was heard of. Kept over restarts, it shows which pushes are old. */
    var newestCall: CallId? = newestCall
        private set

    fun poll(): Output? = output.removeFirstOrNull()

    fun start(now: Moment) = after(now) { connection.start(now) }

    fun startOnOpenSocket(socket: Int, srv: Srv, now: Moment) =
        after(now) { connection.startOnOpenSocket(socket, srv, now) }

    fun stop(now: Moment) = after(now) { connection.stop() }

    fun opened(socket: Int, srv: Srv, now: Moment) =
        after(now) { connection.opened(socket, srv, now) }

    fun received(socket: Int, frame: String, now: Moment) =
        after(now) { connection.received(socket, frame, now) }

    fun closed(socket: Int, hint: String, now: Moment) =
        after(now) { connection.closed(socket, hint, now) }

    fun wake(now: Moment) = after(now) { connection.wake(now) }

    fun networkChanged(isThere: Boolean, now: Moment) =
        after(now) { connection.networkChanged(isThere, now) }

    fun pressed(button: Button, now: Moment) = after(now) { happened(Event.Pressed(button), now) }

    fun mediaChanged(cid: CallId, state: MediaState, now: Moment) =
        after(now) { happened(Event.MediaChanged(cid, state), now) }

    /** Answered by [Output.Answered]. */
    fun request(request: Request, now: Moment) = after(now) { connection.request(request, now) }

    /** What the media part says: `answer`, `ice`, `closed`. */
    fun notify(notice: Notice, now: Moment) = after(now) { connection.notify(notice, now) }

    /** The [body] of a push came: it rings at once, whether or not the station can be reached. */
    fun pushed(body: ByteArray, keys: PushKeys, wall: WallTime, now: Moment) = after(now) {
        val refusal =
            try {
                take(readPush(body, keys, parties), wall, now)
                null
            } catch (refused: PushRefused) {
                refused.why
            }
        output += Output.Pushed(refusal)
    }

    fun openDoor(door: DoorName, now: Moment) =
        after(now) { atDoor(doors.open(door, calls.call?.cid), now) }

    fun signedForDoor(door: DoorName, signature: ByteArray, now: Moment) =
        after(now) { atDoor(doors.signed(door, signature), now) }

    fun notSignedForDoor(door: DoorName, now: Moment) = after(now) { doors.notSigned(door, now) }

    fun tick(now: Moment) = after(now) {
        doors.tick(now)
        connection.tick(now)
        happened(Event.TimePassed, now)
    }

    fun due(): Moment? = earliest(listOf(connection.due(), calls.due(), doors.due()))

    private fun after(now: Moment, act: () -> Unit) {
        act()
        while (true) take(connection.poll() ?: break, now)
        output += Output.Changed
    }

    private fun take(push: Pushed, wall: WallTime, now: Moment) {
        when (push) {
            is PushedRing -> ring(push, wall, now)
            is Ended -> heard(push, now)
        }
    }

    private fun ring(push: PushedRing, wall: WallTime, now: Moment) {
        val (ring, until) = push
        val ringsAlready = calls.call?.cid == ring.cid && calls.call?.phase is Phase.Ringing
        val isStale = isKnown(ring.cid) && !ringsAlready
        val left = wall.until(until)
        // A station that lost its count begins again with old numbers; its link tells what rings.
        if (!isStale || left.isPositive()) {
            connection.start(now)
            connection.wake(now)
        }
        if (isStale) throw PushRefused(PushRefusal.Stale)
        heardOf(ring.cid)
        if (!left.isPositive()) throw PushRefused(PushRefusal.Late)
        if (!ringsAlready) heard(ring.copy(ringsFor = minOf(ring.ringsFor, left)), now)
    }

    private fun heard(message: FromStation, now: Moment) {
        message.cid?.let(::heardOf)
        happened(Event.Said(message), now)
    }

    private fun heardOf(cid: CallId) {
        if (!isKnown(cid)) newestCall = cid
    }

    private fun isKnown(cid: CallId): Boolean = newestCall?.let { cid <= it } == true

    private fun take(news: Connection.Output, now: Moment) {
        when (news) {
            is Connection.Output.Dial, is Connection.Output.Send, is Connection.Output.Close ->
                output += Output.ToLink(news)

            is Connection.Output.LinkIs -> {
                link = news.link
                happened(Event.LinkChanged(link.word == Link.Word.Connected), now)
            }

            is Connection.Output.Said -> heard(news.message, now)

            is Connection.Output.Answered -> answered(news, now)

            Connection.Output.Revoked -> {
                happened(Event.Revoked, now)
                output += Output.Revoked
            }
        }
    }

    private fun answered(news: Connection.Output.Answered, now: Moment) {
        val (request, answer) = news
        output += Output.Answered(request, answer)
        atDoor(doors.answered(request, answer, now), now)
        val event =
            if (answer is Failed) Event.Refused(request, answer) else Event.Granted(request, answer)
        happened(event, now)
    }

    private fun happened(event: Event, now: Moment) {
        val (state, effects) = calls.reduce(event, now)
        calls = state
        for (effect in effects) perform(effect, now)
    }

    private fun perform(effect: Effect, now: Moment) {
        when (effect) {
            is Effect.Ask -> connection.request(effect.request, now)

            is Effect.Notify -> connection.notify(effect.notice, now)

            Effect.Leave -> {
                connection.forget { it !is Busy }
                output += Output.ToPhone(effect)
            }

            is Effect.WantSession, is Effect.TakeOffer, is Effect.AddCandidate -> toPhone(effect)

            Effect.RingOnce, is Effect.Explain -> toPhone(effect)
        }
    }

    private fun toPhone(effect: Effect) {
        output += Output.ToPhone(effect)
    }

    private fun atDoor(effect: DoorEffect?, now: Moment) {
        when (effect) {
            is DoorEffect.Ask -> connection.request(effect.request, now)
            is DoorEffect.Sign -> output += Output.SignForDoor(effect.door, effect.text)
            null -> Unit
        }
    }
}
