// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

/** The three things that are wanted of Android's `TelecomManager`; each may throw. */
internal interface TelecomSystem {
    /** Whether this device has it. */
    val isThere: Boolean

    fun register()

    fun addIncoming(call: Announcement)

    fun placeOutgoing(call: Announcement)
}

/** Telecom for those who can do without it. */
internal class TelecomGateway(private val system: TelecomSystem) : Telecom {
    /** Why it did not work when it was last tried; null if it did, or was not tried. */
    var failure: RuntimeException? = null
        private set

    var isRegistered = false
        private set

    fun register(): Boolean {
        isRegistered = attempt(system::register)
        return isRegistered
    }

    override fun announce(call: Announcement): Boolean {
        if (!isRegistered && !register()) return false
        return attempt {
            if (call.isIncoming) system.addIncoming(call) else system.placeOutgoing(call)
        }
    }

    private fun attempt(act: () -> Unit): Boolean {
        failure = if (!system.isThere) return false else failureOf(act)
        return failure == null
    }

    /** What Telecom and what manufacturers made of it are known to throw. */
    private fun failureOf(act: () -> Unit): RuntimeException? = try {
        act()
        null
    } catch (refused: SecurityException) {
        refused
    } catch (notTaken: IllegalArgumentException) {
        notTaken
    } catch (notNow: IllegalStateException) {
        notNow
    } catch (notHere: UnsupportedOperationException) {
        notHere
    }
}
