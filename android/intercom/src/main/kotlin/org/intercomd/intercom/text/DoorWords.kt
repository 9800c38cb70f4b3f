// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import org.intercomd.phone.door.DoorProgress

/** What the button of the door that people call [label] says. */
fun openDoor(label: String): Saying = Saying(Text.OpenDoor, label)

fun atDoor(label: String, how: Saying): Saying = Saying(Text.Door, label, how)

/** How an opening goes. */
fun words(progress: DoorProgress): Saying = when (progress) {
    is DoorProgress.Asking -> Saying(Text.DoorAsking)
    is DoorProgress.Signing -> Saying(Text.DoorSigning)
    DoorProgress.Opening -> Saying(Text.DoorOpening)
    is DoorProgress.Opened -> Saying(Text.DoorOpened)
    is DoorProgress.Refused -> Saying(Text.DoorRefused, words(progress.error.code))
}
