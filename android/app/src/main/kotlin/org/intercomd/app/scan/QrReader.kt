// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.LuminanceSource
import com.google.zxing.PlanarYUVLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader

/** A frame's brightness, row by row. [stride]: from where a row begins to where the next does. */
class Luminance(val bytes: ByteArray, val width: Int, val height: Int, val stride: Int)

/** Finds a QR code in a frame, dark on light or light on dark, whichever way up. */
class QrReader {
    private val reader = QRCodeReader()
    private val hints = mapOf(DecodeHintType.TRY_HARDER to true)

    /** What the code says; null where none can be read. */
    fun read(frame: Luminance): String? {
        val source =
            PlanarYUVLuminanceSource(
                frame.bytes,
                frame.stride,
                frame.height,
                0,
                0,
                frame.width,
                frame.height,
                false,
            )
        return read(source) ?: read(source.invert())
    }

    private fun read(source: LuminanceSource): String? = try {
        reader.decode(BinaryBitmap(HybridBinarizer(source)), hints).text
    } catch (_: ReaderException) {
        null
    }
}
