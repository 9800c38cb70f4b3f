// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.HangUp
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Status

/** How things stand, as the station says. */
internal fun Calls.stateIs(message: StateIs, now: Moment): Step {
    val known = copy(station = message)
    val said = message.call
    return when {
        said == null || said.status.isTerminal -> known.withoutCall(now)

        call != null && (call.cid == said.cid || call.cid == null) -> known.follow(call, said, now)

        // Whoever left does not find the microphone open again, and whoever declined has quiet.
        wasLeft(said) -> {
            val again = if (said.ringsHere) Reject(said.cid) else HangUp(said.cid)
            Step(known, listOf(Effect.Ask(again)))
        }

        else -> known.adopt(said, now)
    }
}

private fun Calls.withoutCall(now: Moment): Step {
    val call = call
    // The number of one that is being dialled is on the way.
    if (call?.cid == null) return Step(this)
    return finished(call.forgotten(), now)
}

/** Whether this side ended it and the station has yet to hear so. */
private fun Calls.wasLeft(said: StateIs.Call): Boolean = if (said.ringsHere) {
    isDeclined(said.cid)
} else {
    story.any { it.cid == said.cid && it.ending.isGuess }
}

/** A call that the station knows and this handset does not, as after the app was ended. */
private fun Calls.adopt(said: StateIs.Call, now: Moment): Step {
    val cleared = call?.let { finished(it.forgotten(), now) } ?: Step(this)
    val phase = said.phase(now)
    val call = Call(said.cid, phase, said.direction, media = said.media).told(said, phase, now)
    val adopted = Step(cleared.state.copy(call = call), cleared.effects)
    // Whether a session is wanted while it rings is told by `ring`, which follows.
    if (phase is Phase.Ringing) return adopted
    val wanted = adopted.then(Effect.WantSession(said.cid))
    // This handset may have held it, which nobody knows here any more.
    val mayBeHeld = phase == Phase.Ongoing && !said.isMonitor
    return if (mayBeHeld) wanted.then(Effect.Ask(Hold(said.cid, on = false))) else wanted
}

private fun Calls.follow(call: Call, said: StateIs.Call, now: Moment): Step {
    val isAhead =
        call.phase is Phase.Leaving || (call.phase is Phase.Answering && said.ringsHere)
    val phase = if (isAhead) call.phase else said.phase(now, call.phase as? Phase.Ringing)
    val followed = call.told(said, phase, now)
    val effect =
        when {
            // It had no number when the person left. One that rings here may be answered by the dial.
            call.phase is Phase.Leaving ->
                Effect.Ask(HangUp(said.cid)).takeIf { call.cid == null }

            phase.isInCall && !call.phase.isInCall -> Effect.WantSession(said.cid)

            else -> null
        }
    return Step(copy(call = followed), listOfNotNull(effect))
}

private fun Call.told(said: StateIs.Call, phase: Phase, now: Moment): Call = copy(
    cid = said.cid,
    phase = phase,
    direction = said.direction,
    contact = said.contact,
    media = said.media,
    isMonitor = said.isMonitor,
    talkingSince = talkingSince ?: now.takeIf { phase == Phase.Ongoing },
)

private val StateIs.Call.ringsHere: Boolean
    get() = direction == Direction.Outgoing && status in setOf(Status.Initiated, Status.Ringing)

/** What the status stands for on this side. */
private fun StateIs.Call.phase(now: Moment, ringing: Phase.Ringing? = null): Phase = when {
    status == Status.Connecting -> Phase.Connecting

    status == Status.Ongoing -> Phase.Ongoing

    direction == Direction.Incoming -> Phase.Calling

    else -> {
        val until = ringsFor?.let { now + it } ?: ringing?.until ?: (now + Calls.RINGS_FOR)
        Phase.Ringing(until, ringing?.isSilenced == true)
    }
}
