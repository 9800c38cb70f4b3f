// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.scan

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class PreviewTest {
    private val wide = Extent(1280, 720)

    @Test
    fun `frames are of a size that the preview has, too, as near to 720 lines as can be`() {
        val (small, large) = Pair(Extent(640, 480), Extent(4000, 3000))
        val (full, four) = Pair(Extent(1920, 1080), Extent(1280, 960))
        assertEquals(wide, frameSize(listOf(large, full, wide, small), listOf(large, wide, small)))
        assertEquals(four, frameSize(listOf(large, wide, four, small), listOf(four, small)))
        assertEquals(small, frameSize(listOf(large, small), listOf(small, large)))
        assertEquals(full, frameSize(listOf(large, full), listOf(wide)))
        assertNull(frameSize(emptyList(), listOf(wide)))
    }

    @Test
    fun `a phone that is upright shows a picture that is higher than wide`() {
        // The view is as the picture is, which is shown as it is.
        assertEquals(Fit(1f, 1f, 0), fit(wide, 90, Extent(720, 1280), 0))
        assertEquals(Fit(1f, 1f, 0), fit(wide, 270, Extent(360, 640), 0))
        // A tablet that is built wide.
        assertEquals(Fit(1f, 1f, 0), fit(wide, 0, Extent(1280, 720), 0))
        // A view that is lower: the picture goes beyond it above and below.
        assertEquals(Fit(1f, 2f, 0), fit(wide, 90, Extent(720, 640), 0))
    }

    @Test
    fun `a phone that lies is turned back, whichever way it lies`() {
        assertEquals(-90, fit(wide, 90, wide, 1).degrees)
        assertEquals(-180, fit(wide, 90, wide, 2).degrees)
        assertEquals(-270, fit(wide, 90, wide, 3).degrees)
    }

    @Test
    fun `the picture fills every view and is not distorted`() {
        val views = listOf(wide, Extent(720, 1280), Extent(1000, 1000), Extent(1080, 700))
        for (view in views) {
            for (sensor in listOf(0, 90, 180, 270)) {
                for (display in 0..3) fills(view, sensor, display)
            }
        }
    }

    private fun fills(view: Extent, sensor: Int, display: Int) {
        val fit = fit(wide, sensor, view, display)
        // Before it is turned, the view as it is stretched shows the upright picture.
        val upright = wide.turned(sensor / 90)
        val (width, height) = Pair(view.width * fit.scaleX, view.height * fit.scaleY)
        assertEquals(width / upright.width, height / upright.height, SMALL)
        val (shownWidth, shownHeight) =
            if (display % 2 == 0) Pair(width, height) else Pair(height, width)
        val (left, right) = Pair(shownWidth - view.width, shownHeight - view.height)
        assertTrue("$view $sensor $display", left > -SMALL && right > -SMALL)
        // And no more than that.
        assertEquals(0f, minOf(left, right), SMALL)
    }

    private companion object {
        const val SMALL = 0.01f
    }
}
