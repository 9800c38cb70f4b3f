// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import kotlin.math.roundToLong
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * How long to wait before the next round of attempts: not at all, then 1 s, 2 s, 4 s … Half of it
 * is by chance, so that a whole house does not come at once.
 */
class Pauses(private val random: Random) {
    private var rounds = 0

    val isFirst: Boolean
        get() = rounds <= 1

    fun begin() {
        rounds += 1
    }

    /** It held. */
    fun reset() {
        rounds = 0
    }

    fun next(): Duration {
        if (rounds == 0) return Duration.ZERO
        val longest = minOf(LONGEST, 1.seconds * (1 shl minOf(rounds - 1, SHIFTS)))
        val share = (1 + random.nextDouble()) / 2
        return (longest.inWholeMilliseconds * share).roundToLong().milliseconds
    }

    private companion object {
        val LONGEST = 30.seconds
        const val SHIFTS = 5
    }
}
