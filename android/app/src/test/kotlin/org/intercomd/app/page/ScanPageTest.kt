// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.scan.ScanTrouble
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.junit.Assert.assertEquals
import org.junit.Test

class ScanPageTest {
    @Test
    fun `where no camera looks, the person is told why and what to do`() {
        val permission = listOf(
            Wish.Ask("android.permission.CAMERA"),
            Wish.Settings(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, isOfApp = true),
        )
        val cases = mapOf(
            ScanTrouble.NotAllowed to (Text.ScanNotAllowed to permission),
            ScanTrouble.NoCamera to (Text.ScanNoCamera to emptyList()),
            ScanTrouble.InUse to (Text.ScanInUse to listOf(Wish.ScanAgain)),
            ScanTrouble.SwitchedOff to (Text.ScanSwitchedOff to emptyList()),
            ScanTrouble.Failed to (Text.ScanFailed to listOf(Wish.ScanAgain)),
        )
        assertEquals(ScanTrouble.entries.toSet(), cases.keys)
        for ((why, expected) in cases) {
            val page = scanPage(ScanState.Ended(why))
            assertEquals(Row.Line(Saying(expected.first), isNews = true), page.rows.first())
            assertEquals(expected.second, page.wishes())
        }
    }

    @Test
    fun `another code is told, and scanning goes on`() {
        assertEquals(listOf(Saying(Text.ScanHow)), scanPage(ScanState.Looking()).lines())
        val other = scanPage(ScanState.Looking(sawOther = true))
        assertEquals(listOf(Row.Line(Saying(Text.ScanOther), isNews = true)), other.rows)
    }

    @Test
    fun `a light is there to be switched where the camera has one`() {
        assertEquals(emptyList<Wish>(), scanPage(ScanState.Looking()).wishes())
        for (isLit in listOf(true, false)) {
            val page = scanPage(ScanState.Looking(isLit = isLit))
            assertEquals(listOf(Wish.Light(!isLit)), page.wishes())
        }
    }
}
