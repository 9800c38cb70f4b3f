// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.app.Activity
import android.app.KeyguardManager
import android.os.Looper
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import java.time.Duration

@RunWith(RobolectricTestRunner::class)
class ConfirmActivityTest {
    private val application = RuntimeEnvironment.getApplication()
    private val guard = shadowOf(application.getSystemService(KeyguardManager::class.java))
    private val answers = ArrayList<Boolean?>()

    @Test
    fun `who unlocks the phone agrees, who turns away does not`() {
        hasScreenLock(true)
        answer(Activity.RESULT_OK)
        answer(Activity.RESULT_CANCELED)
        assertEquals(listOf(true, false), answers)
    }

    @Test
    fun `without a screen lock there is nothing to ask`() {
        hasScreenLock(false)
        val asking = ask()
        assertTrue(asking.get().isFinishing)
        asking.gone()
        assertEquals(listOf(null), answers)
    }

    @Test
    fun `a question that was swept away is a no`() {
        hasScreenLock(true)
        val asking = ask()
        asking.get().finish()
        asking.gone()
        assertEquals(listOf(false), answers)
    }

    @Test
    fun `a screen that was turned asks no second time`() {
        hasScreenLock(true)
        val asking = ask()
        assertEquals(1, questions())
        asking.recreate()
        assertEquals(0, questions())
        assertEquals(emptyList<Boolean?>(), answers)
    }

    @Test
    fun `the next question is a no to the one before`() {
        hasScreenLock(true)
        ask()
        ask()
        assertEquals(listOf(false), answers)
    }

    @Test
    fun `a question is taken away when the station does not wait any more`() {
        hasScreenLock(true)
        val asking = ask()
        pass(29)
        assertFalse(asking.get().isFinishing)
        pass(1)
        assertTrue(asking.get().isFinishing)
        assertEquals(listOf(false), answers)
    }

    @Test
    fun `the time of a question is not that of the next`() {
        hasScreenLock(true)
        answer(Activity.RESULT_OK)
        pass(20)
        val next = ask()
        pass(20)
        assertFalse(next.get().isFinishing)
        assertEquals(listOf(true), answers)
    }

    private fun pass(seconds: Long) =
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(seconds))

    private fun hasScreenLock(hasOne: Boolean) {
        guard.setIsDeviceSecure(hasOne)
        guard.setIsKeyguardSecure(hasOne)
    }

    private fun answer(result: Int) {
        val asking = ask()
        val question = checkNotNull(shadowOf(asking.get()).nextStartedActivityForResult)
        shadowOf(asking.get()).receiveResult(question.intent, result, null)
        assertTrue(asking.get().isFinishing)
        asking.gone()
    }

    private fun ask(): ActivityController<ConfirmActivity> {
        val screen = Robolectric.buildActivity(Activity::class.java).setup().get()
        ConfirmActivity.ask(screen, "Open the door?", answers::add)
        val intent = shadowOf(screen).nextStartedActivity
        return Robolectric.buildActivity(ConfirmActivity::class.java, intent).setup()
    }

    /** Of the system, since they were last counted. */
    private fun questions(): Int = generateSequence { shadowOf(application).nextStartedActivity }
        .count { it.component?.className != ConfirmActivity::class.java.name }

    private fun ActivityController<*>.gone() {
        pause().stop().destroy()
    }
}
