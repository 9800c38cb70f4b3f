// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.media.audio.AudioSource
import org.intercomd.phone.e2e.RATE
import kotlin.math.PI
import kotlin.math.roundToInt
import kotlin.math.sin

/** Somebody who hums one tone into the microphone, on and on. */
class Mouth(frequency: Int) : AudioSource {
    private val turn = 2 * PI * frequency / RATE
    private var hummed = 0L

    override fun onPlaybackData(
        data: ByteArray,
        samples: Int,
        bytesPerSample: Int,
        channels: Int,
        rate: Int,
    ): Int {
        check(bytesPerSample == 2 && channels == 1 && rate == RATE) { "$channels at $rate Hz" }
        for (place in 0 until samples) {
            val sample = (LOUDNESS * sin(turn * hummed)).roundToInt()
            data[2 * place] = sample.toByte()
            data[2 * place + 1] = (sample shr 8).toByte()
            hummed += 1
        }
        return samples
    }

    private companion object {
        const val LOUDNESS = 8_000
    }
}
