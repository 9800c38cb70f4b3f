// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.intercomd.app.TestApp
import org.intercomd.app.page.Row
import org.intercomd.app.page.Wish
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.link.message.DoorName
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(application = TestApp::class)
class PageViewTest {
    @get:Rule
    internal val screens = Screens()

    private val wanted = mutableListOf<Wish>()
    private val view by lazy { PageView(screens.app, screens.app.texts) { wanted += it } }
    private val column
        get() = view.getChildAt(0) as ViewGroup

    private fun door(name: String) =
        Row.Press(Saying(Text.Named, name), Wish.OpenDoor(DoorName(name)))

    @Test
    fun `the button under a finger opens no other door`() {
        view.show(listOf(door("gate"), door("garage")))
        val gate = column.getChildAt(0) as Button
        val garage = column.getChildAt(1)
        view.show(listOf(door("garage")))
        assertSame(garage, column.getChildAt(0))
        assertEquals(1, column.childCount)
        assertNull(gate.parent)
        gate.performClick()
        garage.performClick()
        val wishes = listOf("gate", "garage").map { Wish.OpenDoor(DoorName(it)) }
        assertEquals(wishes, wanted)
    }

    @Test
    fun `news are written into a view that is there already, to be heard`() {
        val added = mutableListOf<String>()
        column.setOnHierarchyChangeListener(object : ViewGroup.OnHierarchyChangeListener {
            override fun onChildViewAdded(parent: View, child: View) {
                added += "${(child as TextView).text}"
            }

            override fun onChildViewRemoved(parent: View, child: View) = Unit
        })
        view.show(listOf(Row.Line(Saying(Text.Ready), isNews = true)))
        assertEquals(listOf(""), added)
        val line = column.getChildAt(0) as TextView
        assertEquals(screens.say(Text.Ready), "${line.text}")
        assertEquals(View.ACCESSIBILITY_LIVE_REGION_POLITE, line.accessibilityLiveRegion)
    }
}
