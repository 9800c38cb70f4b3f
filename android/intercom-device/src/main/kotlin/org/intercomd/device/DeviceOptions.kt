// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import org.intercomd.device.keys.SignerTrouble
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.net.HandsetListener

/** What an app says and hears. */
class DeviceOptions(
    /** Which program speaks, up to 64 characters. */
    val app: String,
    /** Whoever shows a station's calls. When the app starts, `revoked` is of the main thread. */
    val listener: (StationPhone) -> HandsetListener,
    /** What is asked before a door is opened, on the screen of the app that is to be seen. */
    val openDoorTitle: (StationPhone, DoorName) -> CharSequence,
    /** A door was not opened, and nobody said no. On any thread, as the next one. */
    val signerTrouble: (StationPhone, SignerTrouble) -> Unit = { _, _ -> },
    /** The microphone was to be open, is allowed, and is not. */
    val microphoneFault: (String) -> Unit = {},
)
