// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.junit.Assert.assertEquals
import org.junit.Test
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class AgoTest {
    @Test
    fun `what was long ago is not counted in minutes`() {
        val cases = mapOf(
            (-5).minutes to Saying(Text.JustNow),
            59.seconds to Saying(Text.JustNow),
            1.minutes to Saying(Text.AgoMinutes, 1L),
            59.minutes to Saying(Text.AgoMinutes, 59L),
            60.minutes to Saying(Text.AgoHours, 1L),
            2879.minutes to Saying(Text.AgoHours, 47L),
            4320.minutes to Saying(Text.AgoDays, 3L),
        )
        for ((past, text) in cases) assertEquals("$past", text, ago(past))
    }
}
