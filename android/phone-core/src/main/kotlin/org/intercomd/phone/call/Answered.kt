// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.HangUp
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status

/** The station did what it was asked. */
internal fun Calls.granted(request: Request, answer: FromStation, now: Moment): Step =
    when (request) {
        is Accept ->
            Step(if (isAnswering(request.cid)) with { copy(phase = Phase.Connecting) } else this)

        is Reject -> left(request.cid, Status.Rejected, Reason.Rejected, now)

        is HangUp -> hungUp(request.cid, now)

        is Hold -> Step(if (isAbout(request.cid)) with { copy(isHeld = request.on) } else this)

        is Dial -> (answer as? Done)?.cid?.let { dialled(it) } ?: Step(this)

        else -> Step(this)
    }

/** It did not, or nobody knows whether it did. */
internal fun Calls.refused(request: Request, error: Failed, now: Moment): Step {
    val explain = Effect.Explain(request, error)
    return when (request) {
        is Accept -> notAccepted(request.cid, error, explain, now)

        // Not being in the call is for this side to decide.
        is Reject -> left(request.cid, Status.Rejected, Reason.Rejected, now).then(explain)

        is HangUp -> hungUp(request.cid, now).then(explain)

        is Hold -> Step(this, listOf(explain))

        is Dial -> {
            val isOurs = call != null && call.cid == null
            if (isOurs) {
                Step(
                    copy(call = null),
                    listOf(Effect.Leave, explain),
                )
            } else {
                Step(this, listOf(explain))
            }
        }

        else -> Step(this)
    }
}

private fun Calls.dialled(cid: CallId): Step {
    val call = call ?: return Step(this)
    if (call.cid != null && call.cid != cid) return Step(this)
    if (call.phase is Phase.Leaving) {
        val ask = Effect.Ask(HangUp(cid)).takeIf { call.cid == null }
        return Step(with { copy(cid = cid) }, listOfNotNull(ask))
    }
    val asked = if (call.isMonitor) Phase.Connecting else Phase.Calling
    val phase = if (call.phase == Phase.Dialling) asked else call.phase
    return Step(with { copy(cid = cid, phase = phase) }, listOf(Effect.WantSession(cid)))
}

private fun Calls.notAccepted(cid: CallId, error: Failed, explain: Effect, now: Moment): Step {
    val call = call
    val phase = call?.phase as? Phase.Answering
    if (phase == null || call.cid != cid) return Step(this)
    if (error.code == Code.Answered) {
        return finished(guess(Status.Elsewhere, Reason.Elsewhere, error.answeredBy), now)
    }
    val isOver = error.code == Code.WrongState || error.code == Code.NotFound
    if (isOver || now >= phase.until) return finished(call.forgotten(), now).then(explain)
    return Step(with { copy(phase = Phase.Ringing(phase.until)) }, listOf(explain))
}

private fun Calls.isAnswering(cid: CallId): Boolean = isAbout(cid) && call?.phase is Phase.Answering

private fun Calls.hungUp(cid: CallId, now: Moment): Step = if (call?.talkingSince == null) {
    left(cid, Status.Cancelled, Reason.Cancelled, now)
} else {
    left(cid, Status.Ended, Reason.Ended, now)
}

private fun Calls.left(cid: CallId, status: Status, reason: Reason, now: Moment): Step =
    if (isAbout(cid)) finished(guess(status, reason), now) else Step(this)
