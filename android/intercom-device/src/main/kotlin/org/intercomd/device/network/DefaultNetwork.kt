// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

/** Makes news of what Android tells about the network that it prefers, often more than once. */
internal class DefaultNetwork(private val changed: (isThere: Boolean) -> Unit) {
    private var present: Any? = null
    private var isBlocked = false

    fun available(network: Any) {
        if (network == present) return
        present = network
        if (!isBlocked) changed(true)
    }

    fun lost(network: Any) {
        if (network != present) return
        present = null
        changed(false)
    }

    /** It is there, and not for this app, as while the phone dozes. */
    fun blocked(isBlocked: Boolean) {
        if (isBlocked == this.isBlocked) return
        this.isBlocked = isBlocked
        if (present != null) changed(!isBlocked)
    }
}
