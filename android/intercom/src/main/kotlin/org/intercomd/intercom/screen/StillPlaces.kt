// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.graphics.Rect
import android.os.SystemClock
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup

/**
 * Holds a touch back while what can be pressed on this page has only just come to its place: the
 * finger was on its way to what was there before. Scrolling moves nothing in this sense.
 */
class StillPlaces(private val page: ViewGroup) {
    private var shown: Set<View> = emptySet()
    private var movedAt: Long? = null

    /** For `onLayout`. */
    fun around(layout: () -> Unit) {
        val before = places().filterKeys { it in shown }
        layout()
        val now = places()
        val hasMoved = now.any { (pressable, place) -> before[pressable] != place }
        if (hasMoved) movedAt = SystemClock.uptimeMillis()
        shown = now.keys
    }

    /** The same places mean something else from now on. */
    fun begin() {
        movedAt = SystemClock.uptimeMillis()
    }

    /** For `onInterceptTouchEvent`. */
    fun holdsBack(event: MotionEvent): Boolean {
        val since = movedAt ?: return false
        return event.actionMasked == MotionEvent.ACTION_DOWN && event.eventTime < since + SETTLED
    }

    private fun places(): Map<View, Rect> = pressables(page).associateWith(::place)

    private fun place(pressable: View) = Rect().also {
        pressable.getDrawingRect(it)
        page.offsetDescendantRectToMyCoords(pressable, it)
        it.offset(-page.scrollX, -page.scrollY)
    }

    private fun pressables(group: ViewGroup): List<View> = (0 until group.childCount)
        .map(group::getChildAt)
        .filter { it.visibility == View.VISIBLE }
        .flatMap { view ->
            val within = if (view is ViewGroup) pressables(view) else emptyList()
            if (view.isClickable) within + view else within
        }

    companion object {
        /** Milliseconds. */
        const val SETTLED = 400L
    }
}
