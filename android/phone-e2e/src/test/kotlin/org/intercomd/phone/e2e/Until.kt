// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** So long that only what hangs takes longer. */
private val PATIENCE = 90.seconds
private const val LOOKS_EVERY_MS = 10L

/** Returns what [look] finds, once it is neither null nor false. */
fun <T : Any> until(
    what: String,
    within: Duration = PATIENCE,
    details: () -> Any? = { null },
    look: () -> T?,
): T {
    val began = TimeSource.Monotonic.markNow()
    while (true) {
        look()?.takeIf { it != false }?.let { return it }
        if (began.elapsedNow() > within) {
            throw AssertionError("waited in vain: $what; ${details().orEmpty()}")
        }
        Thread.sleep(LOOKS_EVERY_MS)
    }
}

private fun Any?.orEmpty(): Any = this ?: ""
