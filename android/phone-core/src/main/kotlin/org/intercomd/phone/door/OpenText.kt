// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.door

import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.joined
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName

/** What the action key signs to open [door]: PROTOCOL.md, section 7. */
fun openText(
    station: Thumbprint,
    handset: Thumbprint,
    door: DoorName,
    /** Of the call in which the handset has a leg. */
    cid: CallId?,
    nonce: Nonce,
): ByteArray =
    joined("icm1-open", station.text, handset.text, door.text, cid?.toString() ?: "-", nonce.text)
