// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

/** Telecom wants to hear why a call is over and then be rid of it, in this order and once. */
internal class EndOnce(private val tell: (Cause) -> Unit, private val destroy: () -> Unit) {
    var isOver = false
        private set

    fun end(cause: Cause) {
        if (isOver) return
        isOver = true
        tell(cause)
        destroy()
    }
}
