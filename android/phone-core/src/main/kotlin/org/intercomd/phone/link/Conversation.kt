// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.CannotSign
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.link.message.Ack
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Hello
import org.intercomd.phone.link.message.Resume
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.link.message.fromStation
import org.intercomd.phone.time.Moment
import org.intercomd.phone.time.earliest
import org.intercomd.phone.words.Code
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * What is said over one connection, from `hello` until it closes: signatures, context, repeats.
 * [poll] is to be drained after every other call.
 */
class Conversation(
    private val parties: Parties,
    private val entropy: Entropy,
    srv: Srv,
    now: Moment,
) {
    sealed interface Output {
        data class Send(val frame: String) : Output

        data class Confirmed(val stateIs: StateIs) : Output

        data class Said(val heard: Heard) : Output

        data class Acknowledged(val mids: List<Mid>) : Output

        /** The last one. */
        data class Over(val why: Farewell) : Output
    }

    private sealed interface Phase {
        data class Greeting(val asked: Asked) : Phase

        data class Resuming(val resume: Mid) : Phase

        data object Confirmed : Phase

        data object Over : Phase
    }

    private class Denied(val error: Failed) : Exception()

    private val output = ArrayDeque<Output>()
    private val numbered = LinkedHashMap<Long, Mid>()

    // `hello` has no number of its own; this context only repeats it.
    private var context = Context("")
    private var phase: Phase = Phase.Greeting(Asked(entropy.mid(), entropy.nonce(), srv))
    private var lastHeard = now
    private var deadline: Moment? = now + CONFIRMED_WITHIN

    init {
        val (mid, nonce) = (phase as Phase.Greeting).asked
        send(Message(mid, Hello(nonce, srv, parties.app)), now)
    }

    fun poll(): Output? = output.removeFirstOrNull()

    /** Nothing is said before the context is confirmed, nor after the end. */
    fun say(message: Message, now: Moment) {
        if (phase == Phase.Confirmed) send(message, now)
    }

    fun received(frame: String, now: Moment) {
        if (phase == Phase.Over) return
        try {
            take(frame, now)
        } catch (refusal: Refusal) {
            end(Farewell.Refused(refusal.code))
        } catch (denied: Denied) {
            end(Farewell.Denied(denied.error))
        }
    }

    /** Asks for a sign of life: over if none comes [within] that time. */
    fun probe(within: Duration, now: Moment) {
        if (phase != Phase.Confirmed || deadline != null) return
        deadline = now + within
        send(Message(entropy.mid(), Resume), now)
    }

    fun tick(now: Moment) {
        if (phase == Phase.Over) return
        if (deadline.isDue(now) || context.isGivenUp(now)) return end(Farewell.Silent)
        context.repeats(now).forEach { output += Output.Send(it) }
        if (context.owesAcknowledgement(now)) send(Message(entropy.mid(), Ack), now)
        if (silentAt().isDue(now)) probe(CONFIRMED_WITHIN, now)
    }

    fun due(): Moment? =
        if (phase == Phase.Over) null else earliest(listOf(context.due(), deadline, silentAt()))

    fun end(why: Farewell) {
        if (phase == Phase.Over) return
        phase = Phase.Over
        output += Output.Over(why)
    }

    private fun send(message: Message, now: Moment) {
        val says = message.says
        val isGreeting = phase is Phase.Greeting
        val numbers = if (isGreeting) UNNUMBERED else context.numbers(says.t)
        val (sx, seq, ack) = numbers
        val (me, station) = parties.me to parties.station.thumbprint
        val payload = Payload(message.mid, me, station, sx, seq, ack, null, says.t, says.body)
        val frame =
            try {
                Envelope.seal(parties.handset, payload)
            } catch (_: CannotSign) {
                return end(Farewell.CannotSign)
            }
        output += Output.Send(frame)
        context.sent(if (isGreeting) 1 else seq, frame, now)
        if (seq > 0) numbered[seq] = message.mid
    }

    private fun take(frame: String, now: Moment) {
        val greeting = phase as? Phase.Greeting
        val largest = if (greeting != null) Envelope.LARGEST_UNCONFIRMED else Envelope.LARGEST
        val message = Envelope.split(frame, largest).open(parties.station, parties.me)
        lastHeard = now
        when {
            greeting != null -> takeGreeting(message, greeting.asked, now)
            message.sx.isEmpty() && message.t == "error" -> deny(fromStation("error", message.b))
            else -> takeNumbered(message, now)
        }
    }

    private fun takeGreeting(message: Payload, asked: Asked, now: Moment) {
        when (val answer = StationAnswer.read(message, asked, now)) {
            is StationAnswer.Denial -> throw Denied(answer.error)

            is StationAnswer.Welcome -> {
                val resume = entropy.mid()
                context = answer.context
                phase = Phase.Resuming(resume)
                send(Message(resume, Resume), now)
            }
        }
    }

    private fun takeNumbered(message: Payload, now: Moment) {
        val freshness = context.received(message, now)
        if (freshness == Context.Freshness.Stale) throw Refusal(Code.Stale)
        acknowledged(message.ack)
        if (freshness == Context.Freshness.Seen) return
        val says = known(message) ?: return
        val resuming = phase as? Phase.Resuming
        when {
            resuming != null -> takeWhileResuming(says, message.re == resuming.resume)

            else -> {
                deadline = null
                if (says != Ack) output += Output.Said(Heard(message.re, says))
            }
        }
    }

    private fun takeWhileResuming(says: FromStation, isAnswer: Boolean) {
        if (!isAnswer) return
        if (says is Failed) throw Denied(says)
        if (says !is StateIs) return
        phase = Phase.Confirmed
        deadline = null
        output += Output.Confirmed(says)
    }

    /** What a newer station says more than this handset knows is no reason to hang up. */
    private fun known(message: Payload): FromStation? = try {
        fromStation(message.t, message.b)
    } catch (_: Refusal) {
        null
    }

    private fun deny(error: FromStation): Nothing = throw Denied(error as Failed)

    private fun acknowledged(ack: Long) {
        context.acknowledged(ack)
        val mids = numbered.filterKeys { it <= ack }
        numbered.keys.removeAll(mids.keys)
        if (mids.isNotEmpty()) output += Output.Acknowledged(mids.values.toList())
    }

    /** The socket's own pings may be far away, so a connection that died is found out by asking. */
    private fun silentAt(): Moment? =
        if (phase == Phase.Confirmed && deadline == null) lastHeard + ASKS_AFTER_SILENCE else null

    private fun Moment?.isDue(now: Moment): Boolean = this != null && this <= now

    private companion object {
        val UNNUMBERED = Context.Numbers("", 0, 0)
        val CONFIRMED_WITHIN = 10.seconds
        val ASKS_AFTER_SILENCE = 20.seconds
    }
}
