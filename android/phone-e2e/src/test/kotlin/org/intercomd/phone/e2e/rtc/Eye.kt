// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.media.video.I420Buffer
import dev.onvoid.webrtc.media.video.VideoFrame
import dev.onvoid.webrtc.media.video.VideoTrackSink
import kotlin.math.roundToInt

data class Colour(val red: Int, val green: Int, val blue: Int) {
    /** As near as a codec leaves it. */
    fun isNear(other: Colour): Boolean =
        listOf(red - other.red, green - other.green, blue - other.blue).all { it in NEAR }

    private companion object {
        val NEAR = -24..24
    }
}

/** What the phone sees: the colour of the picture's corner. */
class Eye : VideoTrackSink {
    @Volatile
    var frames = 0
        private set

    @Volatile
    var corner: Colour? = null
        private set

    override fun onVideoFrame(frame: VideoFrame) {
        val picture = frame.buffer.toI420()
        corner = colour(picture)
        picture.release()
        frames += 1
    }

    /** BT.601, as of every small picture. */
    private fun colour(picture: I420Buffer): Colour {
        val y = 1.164 * (level(picture.dataY.get(0)) - 16)
        val u = level(picture.dataU.get(0)) - 128
        val v = level(picture.dataV.get(0)) - 128
        return Colour(
            red = (y + 1.596 * v).roundToInt(),
            green = (y - 0.392 * u - 0.813 * v).roundToInt(),
            blue = (y + 2.017 * u).roundToInt(),
        )
    }

    private fun level(byte: Byte): Int = byte.toInt() and 0xff
}
