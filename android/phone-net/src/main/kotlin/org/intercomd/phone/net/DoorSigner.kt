// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.link.message.DoorName

/** Whoever has the action key, and asks the person before it is used. */
fun interface DoorSigner {
    /**
     * Called on the handset's thread, so it never waits: [done] is called later, on any thread,
     * with r‖s, or with null if the person said no or the key cannot be used.
     */
    fun sign(door: DoorName, text: ByteArray, done: (ByteArray?) -> Unit)
}
