// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.Activity
import org.intercomd.device.keys.SignerTrouble
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.net.HandsetListener

/** What an app says and hears. */
class DeviceOptions(
    /** Which program speaks, up to 64 characters. */
    val app: String,
    /** Whoever shows a station's calls. */
    val listener: (StationPhone) -> HandsetListener,
    /** A screen of the app that is to be seen: there the person is asked before a door opens. */
    val screen: () -> Activity?,
    /** What is asked. */
    val openDoorTitle: (DoorName) -> CharSequence,
    /** A door was not opened, and nobody said no. On any thread, as the next one. */
    val signerTrouble: (StationPhone, SignerTrouble) -> Unit = { _, _ -> },
    /** The microphone was to be open and is not. */
    val microphoneFault: (String) -> Unit = {},
)
