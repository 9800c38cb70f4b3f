// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import java.util.Random
import kotlin.math.cos
import kotlin.math.sin

/** How a camera sees a code in the middle of what is before it. */
internal data class Drawn(
    val text: String,
    /** Pixels that a module is wide. */
    val module: Double,
    val degrees: Double = 0.0,
    val isInverted: Boolean = false,
    /** How far brightness is mixed with that of pixels around, and how often. */
    val blurs: Int = 0,
    /** Standard deviation, where dark is 40 and light is 210. */
    val noise: Double = 0.0,
    val padding: Int = 0,
    val width: Int = 1280,
    val height: Int = 720,
) {
    /** With as little error correction as the station takes. */
    private val code = Encoder.encode(text, ErrorCorrectionLevel.L).matrix
    val modules: Int = code.width

    fun luminance(): Luminance {
        var picture = Array(height) { y -> DoubleArray(width) { x -> around(x, y) } }
        repeat(blurs) { picture = blurred(picture) }
        val random = Random(1)
        val stride = width + padding
        // Android leaves out what would follow the last row.
        val bytes = ByteArray(stride * (height - 1) + width)
        random.nextBytes(bytes)
        for (y in 0 until height) {
            for (x in 0 until width) {
                val value = picture[y][x] + noise * random.nextGaussian()
                bytes[y * stride + x] = value.toInt().coerceIn(0, 255).toByte()
            }
        }
        return Luminance(bytes, width, height, stride)
    }

    /** What falls on a pixel, which sees more than a point. */
    private fun around(x: Int, y: Int): Double = PARTS.sumOf { dy ->
        PARTS.sumOf { dx -> at(x + dx, y + dy) }
    } / (PARTS.size * PARTS.size)

    private fun at(x: Double, y: Double): Double {
        val (fromX, fromY) = Pair(x - width / 2.0, y - height / 2.0)
        val angle = Math.toRadians(degrees)
        val column = (fromX * cos(angle) + fromY * sin(angle)) / module + modules / 2.0
        val row = (fromY * cos(angle) - fromX * sin(angle)) / module + modules / 2.0
        val isInside = column in QUIET..modules - QUIET && row in QUIET..modules - QUIET
        if (!isInside) return GREY
        val isCode = column >= 0 && row >= 0 && column < modules && row < modules
        val isDark = isCode && code.get(column.toInt(), row.toInt()).toInt() == 1
        return if (isDark != isInverted) DARK else LIGHT
    }

    private fun blurred(from: Array<DoubleArray>) = Array(height) { y ->
        DoubleArray(width) { x ->
            var sum = 0.0
            for (dy in -1..1) {
                for (dx in -1..1) {
                    val row = from[(y + dy).coerceIn(0, height - 1)]
                    sum += row[(x + dx).coerceIn(0, width - 1)]
                }
            }
            sum / 9
        }
    }

    private companion object {
        const val DARK = 40.0
        const val LIGHT = 210.0
        const val GREY = 130.0

        /** Where the border begins that belongs to a code. */
        const val QUIET = -4.0
        val PARTS = listOf(0.25, 0.75)
    }
}
