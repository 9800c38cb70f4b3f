// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.phone.call.Button
import org.intercomd.phone.link.message.DoorName

/** Whoever owns the `Handset` of a station. All of it is called on the main thread. */
interface Phone {
    fun press(button: Button)

    fun openDoor(door: DoorName)

    /** Another call on this phone has the microphone and the loudspeaker, or gave them back. */
    fun pauseSound(isPaused: Boolean)
}
