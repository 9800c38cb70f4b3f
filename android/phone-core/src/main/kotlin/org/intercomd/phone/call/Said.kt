// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.Ack
import org.intercomd.phone.link.message.Busy
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.ChallengeIs
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.Held
import org.intercomd.phone.link.message.HelloOk
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.PairOk
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.Ringing
import org.intercomd.phone.link.message.Selected
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.link.message.Warning
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction

/** What the station says. */
internal fun Calls.said(message: FromStation, now: Moment): Step = when (message) {
    is StateIs -> stateIs(message, now)

    is Ring -> ring(message, now)

    is Nudge -> nudge(message.cid)

    is Selected -> selected(message.cid)

    is Held -> ifAbout(message.cid) { copy(isHeldByStation = message.on) }

    is Warning -> ifAbout(message.cid) { copy(endsAt = now + message.endsIn) }

    is Offer -> ifWanted(message.cid, Effect.TakeOffer(message))

    is Ice -> ifWanted(message.cid, Effect.AddCandidate(message))

    is Ended -> ended(message, now)

    // Answers, which are told as such.
    is HelloOk, is PairOk, is ChallengeIs, is Done, is Failed, Ack -> Step(this)
}

private fun Calls.ring(ring: Ring, now: Moment): Step {
    val (cid, until) = ring.cid to now + ring.ringsFor
    val ringing =
        Call(cid, Phase.Ringing(until), Direction.Outgoing, ring.contact, ring.media)
    val effects = listOf(Effect.Notify(Ringing(cid)), Effect.WantSession(cid))
    val phase = call?.phase
    return when {
        isDeclined(cid) -> Step(this)

        call == null -> Step(copy(call = ringing), effects)

        call.cid == cid -> Step(
            if (phase is Phase.Ringing) again(ring, phase, until) else this,
            effects,
        )

        // The station takes a call from this side at that moment for an answer. Whoever only
        // wanted to listen is not heard without a word.
        phase == Phase.Dialling -> {
            val isMuted = call.isMuted || call.isMonitor
            val answering = ringing.copy(phase = Phase.Answering(until), isMuted = isMuted)
            Step(copy(call = answering), effects)
        }

        phase is Phase.Ringing || phase is Phase.Leaving -> {
            val cleared = finished(call.forgotten(), now)
            Step(cleared.state.copy(call = ringing), cleared.effects + effects)
        }

        else -> Step(this, listOf(Effect.Notify(Busy(cid))))
    }
}

private fun Calls.again(ring: Ring, phase: Phase.Ringing, until: Moment): Calls =
    with { copy(phase = phase.copy(until = until), contact = ring.contact, media = ring.media) }

private fun Calls.nudge(cid: CallId): Step {
    val phase = call?.phase as? Phase.Ringing
    return when {
        phase == null || !isAbout(cid) -> Step(this)
        phase.isSilenced -> Step(with { copy(phase = phase.copy(isSilenced = false)) })
        else -> Step(this, listOf(Effect.RingOnce))
    }
}

private fun Calls.selected(cid: CallId): Step {
    if (!isWanted(cid)) return Step(this)
    val phase = if (call?.phase == Phase.Ongoing) Phase.Ongoing else Phase.Connecting
    return Step(with { copy(phase = phase) }, listOf(Effect.WantSession(cid)))
}

private fun Calls.ended(message: Ended, now: Moment): Step {
    val ending = Ending(message.status, message.reason, message.answeredBy)
    if (isAbout(message.cid)) return finished(ending, now)
    // Was given up here before the station said why.
    val corrected =
        story.map {
            if (it.cid == message.cid && it.ending.isGuess) it.copy(ending = ending) else it
        }
    return Step(copy(story = corrected))
}

private fun Calls.isWanted(cid: CallId): Boolean = isAbout(cid) && call?.phase !is Phase.Leaving

private fun Calls.ifWanted(cid: CallId, effect: Effect): Step =
    Step(this, if (isWanted(cid)) listOf(effect) else emptyList())

private fun Calls.ifAbout(cid: CallId, change: Call.() -> Call): Step =
    Step(if (isAbout(cid)) with(change) else this)
