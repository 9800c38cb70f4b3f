// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.Selected
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** What happened, when, in the words of the tests. */
data class At(val event: Event, val second: Int)

val CID = CallId(7)
val RING = Ring(CID, "Flat 2", 45.seconds, Media.Video)

fun said(message: FromStation, second: Int = 0) = At(Event.Said(message), second)

fun pressed(button: Button, second: Int = 0) = At(Event.Pressed(button), second)

fun granted(request: Request, answer: Done = Done(), second: Int = 0) =
    At(Event.Granted(request, answer), second)

fun refused(request: Request, code: Code, answeredBy: String? = null, second: Int = 0) =
    At(Event.Refused(request, Failed(code, answeredBy = answeredBy)), second)

fun linked(isLinked: Boolean, second: Int = 0) = At(Event.LinkChanged(isLinked), second)

fun media(state: MediaState, second: Int = 0) = At(Event.MediaChanged(CID, state), second)

fun time(second: Int) = At(Event.TimePassed, second)

fun ended(status: Status, reason: Reason, answeredBy: String? = null, second: Int = 0) =
    said(Ended(CID, status, reason, answeredBy), second)

fun standing(call: StateIs.Call?): StateIs {
    val label = checkNotNull(Label.parse("Kitchen"))
    val oneself = StateIs.Oneself(HandsetId("h0123456789"), label, emptyList())
    return StateIs("Front door", oneself, emptyList(), call, null)
}

fun stateIs(
    status: Status,
    direction: Direction = Direction.Outgoing,
    ringsFor: Duration? = null,
    second: Int = 0,
) = said(
    standing(StateIs.Call(CID, status, direction, "Flat 2", Media.Video, ringsFor, false)),
    second,
)

val rung = said(RING)
val noCall = said(standing(null))
val selected = said(Selected(CID))
val answered = listOf(rung, pressed(Button.Answer), selected)
val talking = answered + stateIs(Status.Ongoing, second = 1)
val DIAL = Dial(DialKind.Talk, Media.Video)
val dialled = listOf(pressed(Button.Call(Media.Video)))
val calling = dialled + granted(DIAL, Done(cid = CID))

/** What becomes of nothing, and what was to be done at the last step. */
fun after(events: List<At>): Step = events.fold(Step(Calls())) { step, (event, second) ->
    step.state.reduce(event, Moment(second * 1000L))
}

fun after(vararg events: At): Step = after(events.toList())

val Step.call: Call?
    get() = state.call
val Step.there: Call
    get() = checkNotNull(state.call) { "no call" }
val Step.last: EndedCall
    get() = state.story.first()
