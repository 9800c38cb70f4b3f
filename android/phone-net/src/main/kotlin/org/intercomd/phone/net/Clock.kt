// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.time.Moment

/** One that goes on while the phone sleeps: on Android `SystemClock.elapsedRealtime`. */
fun interface Clock {
    fun now(): Moment

    companion object {
        /** Of a machine that does not sleep. */
        fun system(): Clock = Clock { Moment(System.nanoTime() / 1_000_000) }
    }
}
