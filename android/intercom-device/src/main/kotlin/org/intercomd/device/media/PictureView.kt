// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import android.annotation.SuppressLint
import android.content.Context
import org.webrtc.RendererCommon.ScalingType
import org.webrtc.SurfaceViewRenderer

/** Shows [pictures] while it is part of a window. Made in code only. */
@SuppressLint("ViewConstructor")
class PictureView(context: Context, private val webRtc: WebRtc, private val pictures: Pictures) :
    SurfaceViewRenderer(context) {
    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        init(webRtc.egl.eglBaseContext, null)
        setScalingType(ScalingType.SCALE_ASPECT_FIT)
        pictures.add(this)
    }

    override fun onDetachedFromWindow() {
        pictures.remove(this)
        release()
        super.onDetachedFromWindow()
    }
}
