// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.phone.call.Calls
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.message.DoorName

/** A door of the station, as the screens of a call show it. */
data class Door(
    val name: DoorName,
    /** What people call it. */
    val label: String,
    /** It can be opened now. */
    val mayOpen: Boolean,
    /** How an opening goes; null if there is none. */
    val progress: DoorProgress?,
)

/** How doors were while the station was reached is of no use now. */
internal fun doorsOf(calls: Calls, opening: Map<DoorName, DoorProgress>): List<Door> =
    calls.station?.doors.orEmpty().map { door ->
        val progress = opening[door.name]
        val mayOpen = calls.isLinked && !door.isLocked && progress?.isUnderWay != true
        Door(door.name, door.label, mayOpen, progress)
    }
