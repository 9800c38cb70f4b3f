// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.text.atDoor
import org.intercomd.intercom.text.openDoor
import org.intercomd.intercom.text.words
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.words.DoorAlarm
import org.intercomd.phone.words.DoorState

/** The doors of a station that is reached: how they were long ago is of no use. */
internal fun doorRows(station: StationView): List<Row> {
    val said = station.state.calls.station
    if (!station.isLinked || said == null) return emptyList()
    return said.doors.flatMap { door ->
        val progress = station.state.doors[door.name]
        buildList {
            add(Row.Line(atDoor(door.label, Saying(state(door)))))
            alarm(door.alarm)?.let { add(Row.Line(Saying(Text.DoorAlarm, Saying(it)))) }
            if (progress != null) add(Row.Line(words(progress), isNews = true))
            if (!door.isLocked && progress?.isUnderWay != true) {
                add(Row.Press(openDoor(door.label), Wish.OpenDoor(door.name)))
            }
        }
    }
}

private fun state(door: StateIs.Door): Text = when {
    door.isLocked -> Text.StateLocked
    door.state == DoorState.Held -> Text.StateHeld
    door.state == DoorState.Open -> Text.StateOpen
    door.state == DoorState.Locked -> Text.StateLocked
    else -> Text.StateClosed
}

private fun alarm(alarm: DoorAlarm): Text? = when (alarm) {
    DoorAlarm.Normal -> null
    DoorAlarm.OpenTooLong -> Text.AlarmOpenTooLong
    DoorAlarm.ForcedOpen -> Text.AlarmForcedOpen
    DoorAlarm.Tamper -> Text.AlarmTamper
    DoorAlarm.Fault -> Text.AlarmFault
    DoorAlarm.LockedDown -> Text.AlarmLockedDown
}
