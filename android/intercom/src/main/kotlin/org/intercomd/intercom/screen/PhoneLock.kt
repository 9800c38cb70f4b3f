// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.app.KeyguardManager

/** The lock of the phone that a screen is shown over. */
internal class PhoneLock(private val screen: Activity) {
    private val keyguard =
        checkNotNull(screen.getSystemService(KeyguardManager::class.java))

    val isLocked: Boolean
        get() = keyguard.isKeyguardLocked

    /** Asks the person for it. The screen has to be there already. */
    fun open(done: (isOpen: Boolean) -> Unit) {
        val answer = object : KeyguardManager.KeyguardDismissCallback() {
            override fun onDismissSucceeded() = done(true)

            override fun onDismissCancelled() = done(false)

            /** Also where somebody was faster. */
            override fun onDismissError() = done(!isLocked)
        }
        keyguard.requestDismissKeyguard(screen, answer)
    }
}
