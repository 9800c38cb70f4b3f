// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import android.app.Activity
import android.os.Looper
import android.os.SystemClock
import android.view.MotionEvent
import android.view.MotionEvent.ACTION_DOWN
import android.view.MotionEvent.ACTION_MOVE
import android.view.MotionEvent.ACTION_UP
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import org.intercomd.app.TestApp
import org.intercomd.app.page.Row
import org.intercomd.app.page.Wish
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.screen.StillPlaces
import org.intercomd.phone.link.message.DoorName
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.time.Duration

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
    fun `a button that has just come under a finger is not pressed`() {
        appears()
        view.show(listOf(door("gate"), door("garage")))
        waits()
        view.show(listOf(door("garage")))
        waits(FRAME)
        tap()
        assertEquals(emptyList<Wish>(), wanted)
        waits()
        tap()
        assertEquals(listOf(Wish.OpenDoor(DoorName("garage"))), wanted)
    }

    @Test
    fun `scrolling moves no button, and works while others come`() {
        appears()
        view.show(List(MANY) { door("door$it") })
        waits(FRAME)
        drag(from = 200f, to = 100f)
        assertTrue("scrolls", view.scrollY > 0)
        waits()
        view.scrollTo(0, column.getChildAt(1).top)
        view.requestLayout()
        waits(FRAME)
        tap()
        assertEquals(listOf(Wish.OpenDoor(DoorName("door1"))), wanted)
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

    private fun appears() {
        Robolectric.buildActivity(Activity::class.java).setup().get().setContentView(view)
    }

    private fun waits(millis: Long = StillPlaces.SETTLED) =
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(millis))

    /** Near the top, where there is a button. */
    private fun tap() = drag(from = 40f, to = 40f)

    private fun drag(from: Float, to: Float) {
        val began = SystemClock.uptimeMillis()
        for ((action, y) in listOf(ACTION_DOWN to from, ACTION_MOVE to to, ACTION_UP to to)) {
            val now = SystemClock.uptimeMillis()
            val event = MotionEvent.obtain(began, now, action, view.width / 2f, y, 0)
            view.dispatchTouchEvent(event)
            event.recycle()
        }
        waits(FRAME)
    }

    private companion object {
        const val FRAME = 16L
        const val MANY = 20
    }
}
