// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import kotlin.time.Duration

/** How long ago something was. Clocks that were set may say that it is yet to come. */
internal fun ago(past: Duration): Saying = when {
    past.inWholeMinutes < 1 -> Saying(Text.JustNow)
    past.inWholeHours < 1 -> Saying(Text.AgoMinutes, past.inWholeMinutes)
    past.inWholeDays < 2 -> Saying(Text.AgoHours, past.inWholeHours)
    else -> Saying(Text.AgoDays, past.inWholeDays)
}
