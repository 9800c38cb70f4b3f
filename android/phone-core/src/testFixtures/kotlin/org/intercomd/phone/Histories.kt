// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone

import kotlin.random.Random

/** Plays a history for each seed, which tells its lines. One that fails is told with its seed. */
fun histories(count: Long, play: (random: Random, lines: MutableList<String>) -> Unit) {
    for (seed in 1..count) {
        val lines = mutableListOf<String>()
        val told = runCatching { play(Random(seed), lines) }.exceptionOrNull() ?: continue
        throw AssertionError("seed $seed:\n${lines.joinToString("\n")}", told)
    }
}
