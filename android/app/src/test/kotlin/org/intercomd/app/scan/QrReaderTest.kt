// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import org.intercomd.app.page.LINK
import org.intercomd.app.page.invitation
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Test
import java.util.Random

class QrReaderTest {
    private val reader = QrReader()

    /** A hand is not still: of a second's frames one is enough. */
    private fun assertRead(drawn: Drawn) {
        val texts = (0 until SECOND).asSequence().mapNotNull { frame ->
            reader.read(drawn.copy(degrees = drawn.degrees + frame * TREMOR).luminance())
        }
        assertEquals("$drawn", drawn.text, texts.firstOrNull())
    }

    @Test
    fun `a code of a station is read, however the phone is held`() {
        assertNotNull(invitation(LINK))
        for (degrees in listOf(0.0, 90.0, 180.0, 270.0, 10.0, 45.0, 200.0)) {
            assertRead(Drawn(LINK, module = 5.0, degrees = degrees))
        }
        assertRead(Drawn(LINK, module = 5.0, width = 720, height = 1280))
    }

    @Test
    fun `rows that are padded are read`() {
        for (padding in listOf(1, 32, 768)) {
            assertRead(Drawn(LINK, module = 5.0, padding = padding))
        }
    }

    @Test
    fun `a code that is light on dark is read, as in a dark terminal`() {
        assertRead(Drawn(LINK, module = 5.0, isInverted = true))
        assertRead(Drawn(LINK, module = 5.0, isInverted = true, degrees = 90.0, padding = 64))
    }

    @Test
    fun `a code is read that is small, not sharp, and grainy`() {
        assertRead(Drawn(LINK, module = 4.0))
        assertRead(Drawn(LINK, module = 5.0, blurs = 2))
        assertRead(Drawn(LINK, module = 5.0, noise = 15.0))
        assertRead(Drawn(LINK, module = 6.0, blurs = 1, noise = 10.0, degrees = 7.0))
    }

    @Test
    fun `any other code is read, too`() {
        assertRead(Drawn("https://example.org/", module = 8.0))
    }

    @Test
    fun `a frame without a code holds none`() {
        val drawn = Drawn("x", module = 0.01)
        assertNull(reader.read(drawn.luminance()))
        assertNull(reader.read(drawn.copy(noise = 60.0).luminance()))
        // Half of a code.
        assertNull(reader.read(Drawn(LINK, module = 5.0, width = 300).luminance()))
    }

    @Test
    fun `no frame is an error`() {
        for (seed in 0L until FRAMES) {
            val random = Random(seed)
            val (width, height) = Pair(1 + random.nextInt(200), 1 + random.nextInt(200))
            val stride = width + random.nextInt(20)
            val bytes = ByteArray(stride * (height - 1) + width)
            random.nextBytes(bytes)
            // Coarser than a pixel, so that some of it looks like a part of a code.
            val grain = 1 + random.nextInt(6)
            for (at in bytes.indices) {
                val (x, y) = Pair(at % stride / grain * grain, at / stride / grain * grain)
                bytes[at] = bytes[minOf(y * stride + x, at)]
            }
            val text = reader.read(Luminance(bytes, width, height, stride))
            assertNull("seed $seed", text)
        }
    }

    @Test
    fun `a code that is damaged is read as it was, or not at all`() {
        val text = LINK.take(100)
        val whole = Drawn(text, module = 6.0, width = 350, height = 350).luminance()
        for (seed in 0L until FRAMES) {
            val random = Random(seed)
            val bytes = whole.bytes.copyOf()
            repeat(random.nextInt(40)) {
                val at = random.nextInt(bytes.size)
                val until = minOf(bytes.size, at + random.nextInt(2000))
                bytes.fill(random.nextInt().toByte(), at, until)
            }
            val read = reader.read(Luminance(bytes, whole.width, whole.height, whole.stride))
            if (read != null) assertEquals("seed $seed", text, read)
        }
    }

    private companion object {
        const val FRAMES = 300
        const val SECOND = 10

        /** Degrees. */
        const val TREMOR = 0.7
    }
}
