// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.media.audio.AudioTrackSink
import org.intercomd.phone.e2e.Heard
import org.intercomd.phone.e2e.RATE
import org.intercomd.phone.e2e.WINDOW
import org.intercomd.phone.e2e.listen

/** What arrives at the phone: the newest window of it. */
class Ear : AudioTrackSink {
    private val newest = FloatArray(WINDOW)

    /** How many samples there were in all. */
    @Volatile
    var samples = 0L
        private set

    @Synchronized
    fun hears(frequency: Int): Heard {
        if (samples < WINDOW) return Heard.NOTHING
        val start = (samples % WINDOW).toInt()
        return listen(FloatArray(WINDOW) { newest[(start + it) % WINDOW] }, frequency)
    }

    @Synchronized
    override fun onData(data: ByteArray, bits: Int, rate: Int, channels: Int, frames: Int) {
        check(bits == BITS && rate == RATE) { "$bits bits at $rate Hz" }
        for (frame in 0 until frames) {
            newest[(samples % WINDOW).toInt()] = sample(data, frame * channels)
            samples += 1
        }
    }

    private fun sample(data: ByteArray, place: Int): Float {
        val low = data[2 * place].toInt() and 0xff
        val high = data[2 * place + 1].toInt() shl 8
        return (high or low) / FULL_SCALE
    }

    private companion object {
        const val BITS = 16
        const val FULL_SCALE = 32_768f
    }
}
