// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** So long that only what hangs takes longer. */
private val PATIENCE = 90.seconds
private const val LOOKS_EVERY_MS = 10L

/** Returns what [look] finds, once that is something. */
fun <T : Any> find(what: String, details: () -> Any = { "" }, look: () -> T?): T {
    val began = TimeSource.Monotonic.markNow()
    while (true) {
        look()?.let { return it }
        if (began.elapsedNow() > PATIENCE) {
            throw AssertionError("waited in vain: $what; ${details()}")
        }
        Thread.sleep(LOOKS_EVERY_MS)
    }
}

/** Returns once it is so. */
fun until(what: String, details: () -> Any = { "" }, isSo: () -> Boolean) {
    find(what, details) { Unit.takeIf { isSo() } }
}
