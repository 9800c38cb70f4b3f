// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text

/** How the calls of a station are on this phone, which the station has no part in. */
internal fun settingRows(station: StationView): List<Row> {
    val settings = station.settings
    val (isQuiet, answersLocked) = settings
    return listOf(
        Row.Heading(Saying(Text.OnThisPhone)),
        Row.Press(Saying(Text.Ringtone), Wish.Ringtone),
        Row.Switch(Saying(Text.Quiet), isQuiet, Wish.Change(settings.copy(isQuiet = !isQuiet))),
        Row.Line(Saying(Text.QuietHow)),
        Row.Switch(
            Saying(Text.AnswerLocked),
            answersLocked,
            Wish.Change(settings.copy(answersLocked = !answersLocked)),
        ),
        Row.Line(Saying(Text.AnswerLockedHow)),
    )
}

/** So that nobody wonders why it is not heard. */
internal fun quietRows(station: StationView): List<Row> =
    if (station.settings.isQuiet) listOf(Row.Line(Saying(Text.IsQuiet))) else emptyList()
