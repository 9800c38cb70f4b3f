// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import kotlin.math.PI
import kotlin.math.cos

const val RATE = 48_000

/** Of so many samples it is told whether a tone is there. */
const val WINDOW = RATE / 5

/** What is in a piece of sound, as mean squares. */
data class Heard(val tone: Double, val all: Double) {
    /** Most of what is heard is this tone, and it is heard well. */
    val isTone: Boolean
        get() = all > 1e-4 && tone / all > 0.8

    /** Not even a trace: 60 dB below what a loud tone has. */
    val isAbsent: Boolean
        get() = tone < 1e-7

    companion object {
        val NOTHING = Heard(0.0, 0.0)
    }
}

/** The part of [samples] at [frequency], by Goertzel's recurrence, and all of it. */
fun listen(samples: FloatArray, frequency: Int, rate: Int = RATE): Heard {
    if (samples.isEmpty()) return Heard.NOTHING
    val turn = 2 * cos(2 * PI * frequency / rate)
    var last = 0.0
    var before = 0.0
    var all = 0.0
    for (sample in samples) {
        val next = sample + turn * last - before
        before = last
        last = next
        all += sample * sample
    }
    val count = samples.size.toDouble()
    val tone = 2 * (last * last + before * before - turn * last * before) / (count * count)
    return Heard(tone, all / count)
}
