// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.content.Context
import android.graphics.Matrix
import android.graphics.SurfaceTexture
import android.hardware.display.DisplayManager
import android.view.TextureView
import org.intercomd.app.scan.Extent
import org.intercomd.app.scan.fit

/** What the camera sees, upright and not distorted. [ready]: the picture has a place now. */
internal class PreviewView(context: Context, private val ready: () -> Unit) :
    TextureView(context),
    TextureView.SurfaceTextureListener,
    DisplayManager.DisplayListener {
    private val displays = context.getSystemService(DisplayManager::class.java)
    private var shown: Pair<Extent, Int>? = null

    init {
        surfaceTextureListener = this
        importantForAccessibility = IMPORTANT_FOR_ACCESSIBILITY_NO
    }

    /** [sensor]: the degrees that it is built in turned by. */
    fun shows(frame: Extent, sensor: Int) {
        shown = Pair(frame, sensor)
        arrange()
    }

    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        displays?.registerDisplayListener(this, null)
    }

    override fun onDetachedFromWindow() {
        displays?.unregisterDisplayListener(this)
        super.onDetachedFromWindow()
    }

    override fun onSurfaceTextureAvailable(surface: SurfaceTexture, width: Int, height: Int) =
        ready()

    override fun onSurfaceTextureSizeChanged(surface: SurfaceTexture, width: Int, height: Int) =
        arrange()

    override fun onSurfaceTextureDestroyed(surface: SurfaceTexture): Boolean = true

    override fun onSurfaceTextureUpdated(surface: SurfaceTexture) = Unit

    /** Upside down is the same screen to Android, and no other size. */
    override fun onDisplayChanged(displayId: Int) = arrange()

    override fun onDisplayAdded(displayId: Int) = Unit

    override fun onDisplayRemoved(displayId: Int) = Unit

    private fun arrange() {
        val (frame, sensor) = shown ?: return
        val turned = display?.rotation ?: return
        if (width == 0 || height == 0) return
        val fit = fit(frame, sensor, Extent(width, height), turned)
        val (x, y) = Pair(width / 2f, height / 2f)
        setTransform(
            Matrix().apply {
                setScale(fit.scaleX, fit.scaleY, x, y)
                postRotate(fit.degrees.toFloat(), x, y)
            },
        )
    }
}
