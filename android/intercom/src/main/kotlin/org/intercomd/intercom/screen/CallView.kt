// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.annotation.SuppressLint
import android.content.Context
import android.content.res.ColorStateList
import android.content.res.Configuration
import android.graphics.Color
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import org.intercomd.intercom.call.Door
import org.intercomd.intercom.text.Texts
import org.intercomd.phone.link.message.DoorName

/** Whose call it is and how it stands, the picture, the doors, the buttons. Made in code only. */
@SuppressLint("ViewConstructor")
internal class CallView(context: Context, texts: Texts, open: (DoorName) -> Unit) :
    FrameLayout(context) {
    private val isWide =
        resources.configuration.orientation == Configuration.ORIENTATION_LANDSCAPE
    private val title = textView(context, TITLE)
    private val state = textView(context, BODY).apply {
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }
    private val picture = FrameLayout(context)
    private val doors = DoorsView(context, texts, open)
    private val buttons = column()
    private var showsPicture = false
    private val places = StillPlaces(this)

    init {
        // Takes the place of whatever padding this view has.
        fitsSystemWindows = true
        val edge = dp(EDGE)
        val page = LinearLayout(context).apply { setPadding(edge, edge, edge, edge) }
        addView(page, MATCH_PARENT, MATCH_PARENT)
        val controls = column().apply {
            addView(doors, MATCH_PARENT, WRAP_CONTENT)
            addView(buttons, MATCH_PARENT, WRAP_CONTENT)
        }
        val scroll = ScrollView(context).apply { addView(controls, MATCH_PARENT, WRAP_CONTENT) }
        if (isWide) {
            val words = column().apply {
                setPadding(edge, 0, 0, 0)
                addView(title)
                addView(state)
                addView(scroll, MATCH_PARENT, WRAP_CONTENT)
            }
            page.addView(picture, LinearLayout.LayoutParams(0, MATCH_PARENT, 1f))
            page.addView(words, LinearLayout.LayoutParams(0, MATCH_PARENT, 1f))
        } else {
            page.orientation = LinearLayout.VERTICAL
            page.gravity = Gravity.CENTER_HORIZONTAL
            page.addView(title)
            page.addView(state)
            page.addView(picture, LinearLayout.LayoutParams(MATCH_PARENT, 0, 1f))
            page.addView(scroll, MATCH_PARENT, WRAP_CONTENT)
        }
        showPicture(null)
    }

    fun button(colour: Int?, press: () -> Unit): Button = callButton(context, press).also {
        buttons.addView(it, MATCH_PARENT, WRAP_CONTENT)
        if (colour == null) return@also
        it.backgroundTintList = ColorStateList.valueOf(colour)
        it.setTextColor(Color.WHITE)
    }

    fun show(name: String, how: String) {
        title.text = name
        if (state.text.toString() != how) state.text = how
    }

    /** For another station. */
    fun begin() {
        showPicture(null)
        showDoors(emptyList())
        places.begin()
    }

    fun showDoors(now: List<Door>) = doors.show(now)

    fun showButtons(areShown: Boolean) {
        buttons.visibility = if (areShown) View.VISIBLE else View.GONE
    }

    /** Null: there is nothing to be seen. Upright, its place keeps the buttons near the thumb. */
    fun showPicture(make: (() -> View?)?) {
        if (make != null && showsPicture) return
        showsPicture = make != null
        picture.removeAllViews()
        make?.invoke()?.let(picture::addView)
        val isEmpty = picture.childCount == 0
        picture.visibility = if (isEmpty && isWide) View.GONE else View.VISIBLE
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) =
        places.around { super.onLayout(changed, left, top, right, bottom) }

    override fun onInterceptTouchEvent(event: MotionEvent): Boolean =
        super.onInterceptTouchEvent(event) || places.holdsBack(event)

    /** What was held back goes no further. */
    @SuppressLint("ClickableViewAccessibility")
    override fun onTouchEvent(event: MotionEvent): Boolean = true

    private fun column() = LinearLayout(context).apply { orientation = LinearLayout.VERTICAL }

    private companion object {
        const val EDGE = 24
        const val TITLE = 34f
    }
}

internal const val BODY = 18f

/** As on any phone. White is legible on both, by day and by night. */
internal const val GREEN = 0xFF1E7E34.toInt()
internal const val RED = 0xFFC62828.toInt()

internal fun textView(context: Context, size: Float) = TextView(context).apply {
    setTextAppearance(android.R.style.TextAppearance_DeviceDefault)
    textSize = size
}

internal fun View.dp(size: Int): Int = (size * resources.displayMetrics.density).toInt()

internal fun callButton(context: Context, press: () -> Unit): Button = Button(context).apply {
    isAllCaps = false
    minHeight = dp(TOUCH)
    setOnClickListener { press() }
}

private const val TOUCH = 56
