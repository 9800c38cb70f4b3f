// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import org.intercomd.intercom.call.Phone
import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Calls
import org.intercomd.phone.call.Phase
import org.intercomd.phone.time.Moment
import org.junit.Assert.assertEquals
import org.junit.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

class PracticeRingTest {
    private val timers = mutableListOf<() -> Unit>()
    private val awake = mutableListOf<Duration>()
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
        stayAwake = { awake += it },
    )

    @Test
    fun `it rings after a while, and stops by itself`() {
        practice.begin()
        assertEquals(PracticeStage.Awaited, practice.stage)
        assertEquals(null, shown.call)
        pass()
        assertEquals(PracticeStage.None, practice.stage)
        assertEquals(true, shown.call?.rings)
        pass()
        assertEquals(Calls(), shown)
        assertEquals(PracticeStage.None, practice.stage)
    }

    @Test
    fun `the phone stays awake until it is over, though it is locked`() {
        practice.begin()
        assertEquals(listOf(20.seconds), awake)
    }

    @Test
    fun `that it was heard is known until the person has understood it`() {
        practice.begin()
        pass()
        phone?.press(Button.Silence)
        assertEquals(PracticeStage.None, practice.stage)
        phone?.press(Button.Decline)
        assertEquals(PracticeStage.Answered, practice.stage)
        practice.understood()
        assertEquals(PracticeStage.None, practice.stage)
        practice.begin()
        practice.understood()
        assertEquals(PracticeStage.Awaited, practice.stage)
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
