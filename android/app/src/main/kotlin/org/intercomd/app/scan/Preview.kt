// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import kotlin.math.abs
import kotlin.math.max

/** How wide and how high a picture is. */
data class Extent(val width: Int, val height: Int) {
    fun turned(quarters: Int): Extent = if (quarters % 2 == 0) this else Extent(height, width)
}

/**
 * In which size frames are asked for: a pairing link has so many modules that each is to be
 * a few pixels wide, and more pixels only take longer.
 */
fun frameSize(ofFrames: List<Extent>, ofPreview: List<Extent>): Extent? {
    val both = ofFrames.filter { it in ofPreview }
    return both.ifEmpty { ofFrames }.minByOrNull { abs(it.width * it.height - PIXELS) }
}

/** What is done to a picture in the middle of its view: stretched, then turned clockwise. */
data class Fit(val scaleX: Float, val scaleY: Float, val degrees: Int)

/**
 * A `TextureView` shows a picture that is upright while the device is held as it was built, and
 * stretches it over the [view]. This fills the view with it as it is, upright however the device
 * is held; what does not fit is left out at two sides.
 *
 * [frame]: as it comes from the sensor. [sensor]: the degrees that it is built in turned by.
 * [display]: the quarters that the display is turned by.
 */
fun fit(frame: Extent, sensor: Int, view: Extent, display: Int): Fit {
    val upright = frame.turned(sensor / QUARTER)
    val shown = upright.turned(display)
    val scale =
        max(view.width.toFloat() / shown.width, view.height.toFloat() / shown.height)
    return Fit(
        scale * upright.width / view.width,
        scale * upright.height / view.height,
        -QUARTER * display,
    )
}

private const val PIXELS = 1280 * 720
private const val QUARTER = 90
