// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.content.Context
import android.os.PowerManager

/** Where a cheek would press what is there, the screen is off. Android does so for its own calls. */
internal class AtTheEar(context: Context) {
    private val lock =
        context.getSystemService(PowerManager::class.java)
            ?.takeIf { it.isWakeLockLevelSupported(OFF_WHEN_NEAR) }
            ?.newWakeLock(OFF_WHEN_NEAR, "intercom:ear")

    /** While it [isHeard] there. */
    fun look(isHeard: Boolean) {
        if (lock == null || lock.isHeld == isHeard) return
        if (isHeard) {
            lock.acquire()
        } else {
            // It may still be at the cheek.
            lock.release(PowerManager.RELEASE_FLAG_WAIT_FOR_NO_PROXIMITY)
        }
    }

    private companion object {
        const val OFF_WHEN_NEAR = PowerManager.PROXIMITY_SCREEN_OFF_WAKE_LOCK
    }
}
