// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.graphics.Rect
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowChoreographer
import java.time.Duration

/** Touches a screen where something is to be seen, as a finger does. */
internal class Fingers(private val screen: Activity) {
    private val decor = screen.window.decorView as ViewGroup

    init {
        // Else an animation takes the time that it wants.
        ShadowChoreographer.setPaused(true)
        ShadowChoreographer.setFrameDelay(Duration.ofMillis(FRAME))
    }

    /** Where the button that says so is now. */
    fun place(text: String): Rect {
        draw()
        val button = views(decor).filterIsInstance<Button>().single { "${it.text}" == text }
        check(button.isShown) { "$text is not to be seen" }
        return Rect(0, 0, button.width, button.height)
            .also { decor.offsetDescendantRectToMyCoords(button, it) }
    }

    fun tap(place: Rect) {
        draw()
        val at = SystemClock.uptimeMillis()
        for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) {
            val event = MotionEvent.obtain(
                at,
                at,
                action,
                place.exactCenterX(),
                place.exactCenterY(),
                0,
            )
            screen.dispatchTouchEvent(event)
            event.recycle()
        }
        draw()
    }

    fun tap(text: String) = tap(place(text))

    fun rest(millis: Long) = shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(millis))

    /** What has changed is laid out with the next frame. */
    private fun draw() = rest(FRAME)

    private fun views(view: View): List<View> = if (view is ViewGroup) {
        (0 until view.childCount).flatMap { views(view.getChildAt(it)) }
    } else {
        listOf(view)
    }

    private companion object {
        const val FRAME = 16L
    }
}
