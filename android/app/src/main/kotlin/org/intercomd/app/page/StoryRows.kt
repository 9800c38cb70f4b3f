// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.text.wordsElsewhere
import org.intercomd.phone.call.EndedCall
import org.intercomd.phone.call.Ending
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Status

/** The last calls, the latest first. They are remembered for as long as the app runs. */
internal fun storyRows(story: List<EndedCall>, now: Moment): List<Row> {
    val calls =
        story.map { Row.Line(Saying(Text.CallEnded, words(it.ending), ago(now.since(it.at)))) }
    val rows = calls.ifEmpty { listOf(Row.Line(Saying(Text.NoCalls))) }
    return listOf(Row.Heading(Saying(Text.Calls))) + rows
}

private fun words(ending: Ending): Saying = when (ending.status) {
    Status.Ended -> Saying(Text.EndEnded)

    Status.Busy -> Saying(Text.EndBusy)

    Status.Rejected -> Saying(Text.EndRejected)

    Status.Cancelled -> Saying(Text.EndCancelled)

    Status.Unanswered -> Saying(Text.EndUnanswered)

    Status.Missed -> Saying(Text.EndMissed)

    Status.Elsewhere -> wordsElsewhere(ending)

    Status.Failed -> Saying(Text.EndFailed)

    // No call ends as one of these.
    Status.Initiated, Status.Ringing, Status.Connecting, Status.Ongoing -> Saying(Text.EndFailed)
}
