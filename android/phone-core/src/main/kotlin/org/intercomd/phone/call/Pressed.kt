// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.HangUp
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media

/** What the person wants. What does not fit is no mistake: news may be on its way. */
internal fun Calls.pressed(button: Button): Step {
    val phase = call?.phase
    return when (button) {
        Button.Answer ->
            if (phase is Phase.Ringing) ask(Phase.Answering(phase.until), ::Accept) else Step(this)

        Button.Decline, Button.HangUp -> leave(phase)

        Button.Silence -> {
            val isSilenced = (phase as? Phase.Ringing)?.copy(isSilenced = true)
            Step(if (isSilenced == null) this else with { copy(phase = isSilenced) })
        }

        is Button.Mute -> Step(with { copy(isMuted = button.on) })

        is Button.Hold -> hold(phase, button.on)

        is Button.Call -> dial(DialKind.Talk, button.media)

        is Button.Listen -> dial(DialKind.Monitor, button.media)
    }
}

/** One wish at different times: what was pressed may be a step behind. */
private fun Calls.leave(phase: Phase?): Step = when (phase) {
    // It has no number yet; when it has one, this is made up for.
    Phase.Dialling -> Step(with { copy(phase = Phase.Leaving(phase.status)) })

    is Phase.Ringing -> ask(Phase.Leaving(phase.status), ::Reject)

    Phase.Calling, is Phase.Answering, Phase.Connecting, Phase.Ongoing ->
        ask(Phase.Leaving(phase.status), ::HangUp)

    is Phase.Leaving, null -> Step(this)
}

/** Each time: what is known here of the last wish may not be what the station knows. */
private fun Calls.hold(phase: Phase?, on: Boolean): Step {
    val cid = call?.cid
    if (cid == null || phase != Phase.Ongoing) return Step(this)
    return Step(this, listOf(Effect.Ask(Hold(cid, on))))
}

private fun Calls.ask(phase: Phase, request: (CallId) -> Request): Step {
    val cid = call?.cid ?: return Step(this)
    return Step(with { copy(phase = phase) }, listOf(Effect.Ask(request(cid))))
}

private fun Calls.dial(kind: DialKind, media: Media): Step {
    if (call != null) return Step(this)
    val isMonitor = kind == DialKind.Monitor
    val call =
        Call(null, Phase.Dialling, Direction.Incoming, media = media, isMonitor = isMonitor)
    return Step(copy(call = call), listOf(Effect.Ask(Dial(kind, media))))
}
