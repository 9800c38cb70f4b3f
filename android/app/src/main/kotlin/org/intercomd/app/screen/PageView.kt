// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.content.Context
import android.os.Build
import android.text.InputType
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.Switch
import android.widget.TextView
import org.intercomd.app.page.Row
import org.intercomd.app.page.Wish
import org.intercomd.app.sdk.Since28
import org.intercomd.app.text.Saying
import org.intercomd.intercom.screen.StillPlaces
import org.intercomd.intercom.text.Texts

/** Rows in plain views, whose colours are the theme's: light and dark are Android's matter. */
internal class PageView(
    context: Context,
    private val texts: Texts,
    private val wants: (Wish) -> Unit,
) : ScrollView(context) {
    private val column = LinearLayout(context).apply {
        orientation = LinearLayout.VERTICAL
        val edge = dp(EDGE)
        setPadding(edge, edge, edge, edge)
    }
    private val fields = mutableMapOf<Wish.Field, EditText>()
    private var rows: List<Row> = emptyList()
    private val places = StillPlaces(this)

    init {
        fitsSystemWindows = true
        addView(column, MATCH_PARENT, WRAP_CONTENT)
    }

    /** A row that stays has the same view, with the focus that it may have. */
    fun show(rows: List<Row>) {
        val old = this.rows
        if (rows == old) return
        this.rows = rows
        val kept = keptRows(old, rows)
        for (place in old.indices.reversed()) {
            if (place !in kept.values) column.removeViewAt(place)
        }
        rows.forEachIndexed { place, row ->
            val former = kept[place]?.let(old::get)
            // News are heard when they are written into a view that is there already.
            if (former == null) column.addView(view(row), place, wide())
            val view = column.getChildAt(place)
            if (former != row) fill(view, row)
            if (row is Row.Line) view.setPadding(0, gap(rows.getOrNull(place - 1)), 0, 0)
        }
    }

    /** What is said of a heading or a switch belongs to it; anything else begins anew. */
    private fun gap(before: Row?): Int = when (before) {
        null, is Row.Heading, is Row.Switch -> 0
        is Row.Line, is Row.Press, is Row.Field -> dp(GAP)
    }

    private fun wide() = LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT)

    fun written(field: Wish.Field): String = fields[field]?.text?.toString().orEmpty()

    fun write(field: Wish.Field, text: String) {
        fields[field]?.setText(text)
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) =
        places.around { super.onLayout(changed, left, top, right, bottom) }

    override fun onInterceptTouchEvent(event: MotionEvent): Boolean =
        super.onInterceptTouchEvent(event) || places.holdsBack(event)

    private fun view(row: Row): View = when (row) {
        is Row.Heading -> words(HEADING).apply {
            setPadding(0, dp(EDGE), 0, 0)
            if (Build.VERSION.SDK_INT >= 28) Since28.isHeading(this)
        }

        is Row.Line -> words(BODY)

        is Row.Press -> Button(context).apply {
            isAllCaps = false
            minHeight = dp(TOUCH)
        }

        is Row.Switch -> Switch(context).apply {
            textSize = BODY
            minHeight = dp(TOUCH)
        }

        is Row.Field -> LinearLayout(context).apply { orientation = LinearLayout.VERTICAL }
    }

    private fun fill(view: View, row: Row) {
        when (row) {
            is Row.Heading -> (view as TextView).text = texts.of(row.text)

            is Row.Line -> {
                val news = View.ACCESSIBILITY_LIVE_REGION_POLITE
                val none = View.ACCESSIBILITY_LIVE_REGION_NONE
                view.accessibilityLiveRegion = if (row.isNews) news else none
                (view as TextView).text = texts.of(row.text)
            }

            is Row.Press -> {
                (view as Button).text = texts.of(row.text)
                view.setOnClickListener { wants(row.wish) }
            }

            is Row.Switch -> fill(view as Switch, row)

            is Row.Field -> field(view as LinearLayout, row.label, row.field)
        }
    }

    /** Dragged, it is no click. What it was filled with is nobody's wish. */
    private fun fill(view: Switch, row: Row.Switch) {
        view.setOnCheckedChangeListener(null)
        view.text = texts.of(row.text)
        view.isChecked = row.isOn
        view.setOnCheckedChangeListener { _, isOn -> if (isOn != row.isOn) wants(row.wish) }
    }

    private fun field(place: LinearLayout, text: Saying, field: Wish.Field) {
        val edit = EditText(context).apply {
            id = View.generateViewId()
            minHeight = dp(TOUCH)
            // The link holds a secret: a keyboard is not to learn it.
            inputType = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
        }
        val label = words(BODY).apply {
            this.text = texts.of(text)
            labelFor = edit.id
        }
        place.removeAllViews()
        place.addView(label)
        place.addView(edit, wide())
        fields[field] = edit
    }

    private fun words(size: Float) = TextView(context).apply {
        setTextAppearance(android.R.style.TextAppearance_DeviceDefault)
        textSize = size
    }

    private fun dp(size: Int): Int = (size * resources.displayMetrics.density).toInt()

    private companion object {
        const val EDGE = 16
        const val GAP = 12
        const val TOUCH = 56
        const val HEADING = 22f
        const val BODY = 18f
    }
}
