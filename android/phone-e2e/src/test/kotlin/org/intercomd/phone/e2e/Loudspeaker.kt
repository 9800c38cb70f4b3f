// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Path

/** What the visitor hears, as the station's media worker writes it: 16 bits, 48 kHz, mono. */
class Loudspeaker(private val path: Path) {
    val length: Long
        get() = path.toFile().length() / BYTES

    /** Of the newest window. */
    fun newest(frequency: Int): Heard {
        val end = length
        return if (end < WINDOW) {
            Heard.NOTHING
        } else {
            listen(samples(end - WINDOW, end), frequency)
        }
    }

    /** The window, of all there were, in which it was loudest. */
    fun has(frequency: Int): Heard =
        samples(0, length).asList().chunked(WINDOW).filter { it.size == WINDOW }
            .map { listen(it.toFloatArray(), frequency) }.maxByOrNull { it.tone } ?: Heard.NOTHING

    private fun samples(from: Long, to: Long): FloatArray {
        val bytes = ByteArray(((to - from) * BYTES).toInt())
        if (bytes.isEmpty()) return FloatArray(0)
        RandomAccessFile(path.toFile(), "r").use {
            it.seek(from * BYTES)
            it.readFully(bytes)
        }
        val words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer()
        return FloatArray(words.remaining()) { words[it] / FULL_SCALE }
    }

    private companion object {
        const val BYTES = 2
        const val FULL_SCALE = 32_768f
    }
}
