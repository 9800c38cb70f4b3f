// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.call.StationSettings
import org.intercomd.phone.link.Link
import org.intercomd.phone.time.Moment
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class SettingRowsTest {
    @Test
    fun `each switch stands as it is set, and leads to the other way round`() {
        for (isQuiet in listOf(false, true)) {
            for (answersLocked in listOf(false, true)) {
                val settings = StationSettings(isQuiet, answersLocked)
                val quiet = Wish.Change(StationSettings(!isQuiet, answersLocked))
                val locked = Wish.Change(StationSettings(isQuiet, !answersLocked))
                val expected =
                    listOf(
                        Row.Switch(Saying(Text.Quiet), isQuiet, quiet),
                        Row.Switch(Saying(Text.AnswerLocked), answersLocked, locked),
                    )
                val rows = stationPage(view().copy(settings = settings), Moment(0)).rows
                assertEquals(expected, rows.filterIsInstance<Row.Switch>())
            }
        }
    }

    @Test
    fun `that a station is quiet is seen on its page and among all stations`() {
        val quiet = view().copy(settings = StationSettings(isQuiet = true))
        for ((station, isTold) in listOf(view() to false, quiet to true)) {
            assertEquals(isTold, Text.IsQuiet in stationPage(station, Moment(0)))
            val all = stationsPage(listOf(station), emptyList(), findings = 0)
            assertEquals(isTold, Text.IsQuiet in all)
        }
    }

    @Test
    fun `a station is set up whether or not it is reached, unless it is gone for good`() {
        val away = view(link = Link.Word.Lost)
        assertTrue(Wish.Ringtone in stationPage(away, Moment(0)).wishes())
        val gone = stationPage(view().copy(isRevoked = true), Moment(0))
        assertFalse(Wish.Ringtone in gone.wishes())
        assertTrue(gone.rows.none { it is Row.Switch })
    }
}
