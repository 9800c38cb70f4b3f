// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.screen

import org.intercomd.app.page.Row
import org.intercomd.app.page.Wish
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.link.message.DoorName
import org.junit.Assert.assertEquals
import org.junit.Test

class KeptRowsTest {
    private val heading = Row.Heading(Saying(Text.Calls))
    private val line = Row.Line(Saying(Text.Ready))
    private val news = Row.Line(Saying(Text.Ready), isNews = true)
    private val call = Row.Press(Saying(Text.CallStation), Wish.Call)
    private val gate = door("gate")
    private val garage = door("garage")

    private fun door(name: String) =
        Row.Press(Saying(Text.Named, "Open"), Wish.OpenDoor(DoorName(name)))

    @Test
    fun `a button stays only where the wish is the same, whatever it says`() {
        val said = gate.copy(text = Saying(Text.Named, "Open the gate"))
        val cases = listOf(
            listOf(gate) to listOf(garage) to emptyMap<Int, Int>(),
            listOf(gate) to listOf(said) to mapOf(0 to 0),
            listOf(gate, garage) to listOf(garage) to mapOf(0 to 1),
            listOf(garage) to listOf(gate, garage) to mapOf(1 to 0),
            listOf(line, gate) to listOf(gate, line) to mapOf(0 to 1),
        )
        for ((rows, kept) in cases) assertEquals(kept, keptRows(rows.first, rows.second))
    }

    @Test
    fun `a line that comes in between moves nothing else`() {
        val old = listOf(news, call, heading, line)
        val trouble = Row.Line(Saying(Text.SignerFailed), isNews = true)
        val new = listOf(news, trouble, call, heading, line)
        assertEquals(mapOf(0 to 0, 2 to 1, 3 to 2, 4 to 3), keptRows(old, new))
        assertEquals(mapOf(0 to 0, 1 to 2, 2 to 3, 3 to 4), keptRows(new, old))
    }

    @Test
    fun `what a line or a switch says may change, and the light be the other way round`() {
        val ready = Row.Line(Saying(Text.Busy), isNews = true)
        val on = Row.Switch(Saying(Text.Quiet), true, Wish.Call)
        val light = Row.Press(Saying(Text.ScanLight), Wish.Light(true))
        val dark = Row.Press(Saying(Text.ScanDark), Wish.Light(false))
        val all = mapOf(0 to 0, 1 to 1, 2 to 2)
        assertEquals(
            all,
            keptRows(listOf(news, on, light), listOf(ready, on.copy(isOn = false), dark)),
        )
        assertEquals(emptyMap<Int, Int>(), keptRows(listOf(line), listOf(news)))
    }
}
