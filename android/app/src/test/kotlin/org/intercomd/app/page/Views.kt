// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.EndedCall
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.Farewell
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.net.HandsetState
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.DoorAlarm
import org.intercomd.phone.words.DoorContact
import org.intercomd.phone.words.DoorState
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Right

// Stations as a phone sees them.

internal val ID = checkNotNull(Thumbprint.parse("A".repeat(43)))
internal val GATE = DoorName("gate")

internal fun said(
    busy: StateIs.Busy? = null,
    rights: List<Right> = listOf(Right.Answer),
    doors: List<StateIs.Door> = emptyList(),
): StateIs {
    val label = checkNotNull(Label.parse("Kitchen"))
    val oneself = StateIs.Oneself(HandsetId("h0123456789"), label, rights)
    return StateIs("Front door", oneself, doors, null, busy)
}

internal fun door(
    state: DoorState = DoorState.Closed,
    alarm: DoorAlarm = DoorAlarm.Normal,
    isLocked: Boolean = false,
) = StateIs.Door(GATE, "Gate", state, DoorContact.Unknown, alarm, isLocked)

internal fun view(
    said: StateIs? = said(),
    phase: Phase? = null,
    link: Link.Word = Link.Word.Connected,
    why: Farewell? = null,
    progress: DoorProgress? = null,
    story: List<EndedCall> = emptyList(),
): StationView {
    val call = phase?.let { Call(CallId(1), it, Direction.Outgoing, media = Media.Video) }
    val calls = Calls(said, isLinked = link == Link.Word.Connected, call = call, story = story)
    val doors = progress?.let { mapOf(GATE to it) }.orEmpty()
    return StationView(ID, "Front door", HandsetState(calls, Link(link, Moment(0), why), doors))
}

internal fun Page.wishes(): List<Wish> = rows.filterIsInstance<Row.Press>().map { it.wish }

internal fun Page.lines(): List<Saying> = rows.filterIsInstance<Row.Line>().map { it.text }

internal operator fun Page.contains(text: Text): Boolean = Saying(text) in lines()
