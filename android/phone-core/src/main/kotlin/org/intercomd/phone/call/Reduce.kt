// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status

/** What becomes of this state by an event. */
fun Calls.reduce(event: Event, now: Moment): Step {
    val step =
        when (event) {
            is Event.Said -> said(event.message, now)

            is Event.Pressed -> pressed(event.button)

            is Event.Granted -> granted(event.request, event.answer, now)

            is Event.Refused -> refused(event.request, event.error, now)

            is Event.MediaChanged ->
                Step(if (isAbout(event.cid)) with { copy(mediaState = event.state) } else this)

            is Event.LinkChanged -> Step(copy(isLinked = event.isLinked))

            Event.Revoked -> finished(Ending(Status.Failed, Reason.Revoked), now)

            Event.TimePassed -> timePassed(now)
        }
    return step.copy(state = step.state.watched(now))
}

private fun Calls.timePassed(now: Moment): Step {
    val due = due()
    if (due == null || now < due) return Step(this)
    return when (call?.phase) {
        is Phase.Ringing -> finished(guess(Status.Missed, Reason.Missed), now)
        else -> finished(guess(Status.Failed, Reason.TransportLost), now)
    }
}

internal fun guess(status: Status, reason: Reason, answeredBy: String? = null): Ending =
    Ending(status, reason, answeredBy, isGuess = true)

/** Of a call that the station knows nothing of any more. */
internal fun Call.forgotten(): Ending = if (phase is Phase.Ringing) {
    guess(
        Status.Missed,
        Reason.Missed,
    )
} else {
    guess(Status.Ended, Reason.Ended)
}

internal fun Calls.finished(ending: Ending, now: Moment): Step {
    val call = call ?: return Step(this)
    val entry =
        EndedCall(
            cid = call.cid,
            contact = call.contact,
            direction = call.direction,
            isMonitor = call.isMonitor,
            ending = ending,
            at = now,
            lasted = call.talkingSince?.let(now::since),
        )
    val earlier = story.filter { it.cid != call.cid }
    val told = (listOf(entry) + earlier).take(Calls.REMEMBERED)
    return Step(copy(call = null, story = told), listOf(Effect.Leave))
}
