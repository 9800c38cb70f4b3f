// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import org.intercomd.intercom.call.Door
import org.intercomd.intercom.text.Texts
import org.intercomd.intercom.text.atDoor
import org.intercomd.intercom.text.openDoor
import org.intercomd.intercom.text.words
import org.intercomd.phone.link.message.DoorName

/** A button for each door that may be opened, and how an opening goes. Made in code only. */
@SuppressLint("ViewConstructor")
internal class DoorsView(
    context: Context,
    private val texts: Texts,
    private val open: (DoorName) -> Unit,
) : LinearLayout(context) {
    private var rows: List<Row> = emptyList()

    init {
        orientation = VERTICAL
    }

    /** The views of a door stay, with the focus that they may have. */
    fun show(doors: List<Door>) {
        if (doors.map { it.name } != rows.map { it.name }) {
            removeAllViews()
            rows = doors.map { Row(it.name) }
        }
        doors.zip(rows) { door, row -> row.show(door) }
    }

    private inner class Row(val name: DoorName) {
        private val news = textView(context, BODY).apply {
            accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        }
        private val button = callButton(context) { open(name) }

        init {
            addView(news, MATCH_PARENT, WRAP_CONTENT)
            addView(button, MATCH_PARENT, WRAP_CONTENT)
        }

        fun show(door: Door) {
            button.visibility = if (door.mayOpen) View.VISIBLE else View.GONE
            button.text = texts.of(openDoor(door.label))
            val text = door.progress?.let { texts.of(atDoor(door.label, words(it))) }.orEmpty()
            // A screen reader says what changes while it can be seen.
            news.visibility = if (text.isEmpty()) View.GONE else View.VISIBLE
            if (news.text.toString() != text) news.text = text
        }
    }
}
