// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.words.Code
import org.junit.Assert.assertEquals
import org.junit.Test

class PartingTest {
    private val unpaired = Saying(Text.Unpaired, "Front door")
    private val untold = Saying(Text.ForgotUntold, "Front door")

    @Test
    fun `only where the station may still know this phone it is to be removed there, too`() {
        assertEquals(unpaired, parting(view(), Done()))
        for (code in Code.entries) {
            val isUnknown = code in listOf(Code.Revoked, Code.UnknownKey, Code.NotFound)
            val expected = if (isUnknown) unpaired else untold
            assertEquals("$code", expected, parting(view(), Failed(code)))
        }
    }

    @Test
    fun `a station that was not asked may still know this phone, unless it said otherwise`() {
        assertEquals(untold, parting(view()))
        assertEquals(unpaired, parting(view().copy(isRevoked = true)))
        assertEquals(Saying(Text.ForgotDamaged), parting(null))
    }

    @Test
    fun `the stations' page tells it until it is understood`() {
        val page = stationsPage(listOf(view()), emptyList(), 0, untold)
        assertEquals(Row.Line(untold, isNews = true), page.rows.first())
        assertEquals(Wish.Understood, page.wishes().first())
        val later = stationsPage(listOf(view()), emptyList(), 0, null)
        assertEquals(page.rows.drop(2), later.rows)
    }
}
