// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.app.Activity
import android.os.Looper
import org.intercomd.phone.link.message.DoorName
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

@RunWith(RobolectricTestRunner::class)
class ScreenAskerTest {
    private val application = RuntimeEnvironment.getApplication()
    private val resumed = ResumedActivity()
    private val asker = ScreenAsker(resumed::activity) { "Open $it?" }
    private val answers = ArrayList<Boolean?>()

    @Before
    fun watch() = application.registerActivityLifecycleCallbacks(resumed)

    @After
    fun unwatch() = application.unregisterActivityLifecycleCallbacks(resumed)

    @Test
    fun `the person is asked on the screen that is to be seen`() {
        val below = Robolectric.buildActivity(Activity::class.java).setup()
        val screen = Robolectric.buildActivity(Activity::class.java).setup().get()
        below.pause()
        ask()
        val question = checkNotNull(shadowOf(screen).nextStartedActivity)
        assertEquals(ConfirmActivity::class.java.name, question.component?.className)
        assertEquals(emptyList<Boolean?>(), answers)
    }

    @Test
    fun `nobody is asked where no screen is to be seen`() {
        Robolectric.buildActivity(Activity::class.java).setup().pause()
        ask()
        assertEquals(listOf(null), answers)
    }

    private fun ask() {
        asker.ask(DoorName("front"), null, answers::add)
        shadowOf(Looper.getMainLooper()).idle()
    }
}
