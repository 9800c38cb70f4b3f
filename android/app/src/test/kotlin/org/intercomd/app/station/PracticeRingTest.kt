// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import org.intercomd.intercom.call.Phone
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Phase
import org.intercomd.phone.time.Moment
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class PracticeRingTest {
    private val timers = mutableListOf<() -> Unit>()
    private var shown = Calls()
    private var phone: Phone? = null
    private val practice = PracticeRing(
        join = {
            phone = it
            { calls -> shown = calls }
        },
        now = { Moment(0) },
        after = { _, act -> timers += act },
        changed = {},
    )

    @Test
    fun `it rings after a while, and stops by itself`() {
        practice.begin()
        assertTrue(practice.isAwaited)
        assertEquals(null, shown.call)
        pass()
        assertFalse(practice.isAwaited)
        assertEquals(true, shown.call?.rings)
        pass()
        assertEquals(Calls(), shown)
    }

    @Test
    fun `whatever is pressed ends it, but silence`() {
        for (button in listOf(Button.Answer, Button.Decline, Button.HangUp)) {
            practice.begin()
            pass()
            phone?.press(Button.Silence)
            assertEquals(true, (shown.call?.phase as? Phase.Ringing)?.isSilenced)
            phone?.press(button)
            assertEquals("$button", Calls(), shown)
        }
    }

    @Test
    fun `the end of an earlier one does not end the next`() {
        practice.begin()
        pass()
        val end = timers.removeFirst()
        practice.begin()
        assertEquals(Calls(), shown)
        pass()
        end()
        assertEquals(true, shown.call?.rings)
    }

    @Test
    fun `it is asked for once at a time`() {
        practice.begin()
        practice.begin()
        assertEquals(1, timers.size)
    }

    private fun pass() = timers.removeLast()()
}
