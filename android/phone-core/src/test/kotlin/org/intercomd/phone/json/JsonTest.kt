// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.json

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class JsonTest {
    @Test
    fun `what was written is read as it was`() {
        val value =
            Json.of(
                "text" to Json.Text("\"\\/\b\u0000\n\u001f é ü 🚪 \u2028"),
                "items" to Json.Items(listOf(Json.Flag(true), Json.Null, Json.Integer(-1))),
                "" to Json.of("greatest" to Json.Integer(Json.GREATEST)),
                "absent" to null,
            )
        assertEquals(value, JsonReader.read(value.written()))
        assertEquals(value, JsonReader.read(value.written().toByteArray()))
    }

    @Test
    fun `escapes stand for their characters`() {
        val text = """"\"\\\/\b\f\n\r\t\u00e9\ud83d\udeaa""""
        assertEquals(Json.Text("\"\\/\b\u000c\n\r\té🚪"), JsonReader.read(text))
    }

    @Test
    fun `only digits alone are integers, and only exact ones`() {
        for (text in listOf("1.0", "1e0", "-0", "9007199254740992", "1".repeat(40))) {
            assertEquals(Json.OtherNumber, JsonReader.read(text), text)
        }
        assertEquals(Json.Integer(9007199254740991), JsonReader.read("9007199254740991"))
    }

    @Test
    fun `what is no JSON is refused`() {
        val wrong =
            listOf("", " ", "nul", "tru", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "01") +
                listOf("+1", ".5", "1.", "\"\\x\"", "\"\\u12\"", "\"", "'a'") +
                listOf("[1 2]", "{}{}", "\u00a01", "NaN")
        for (text in wrong) assertThrows<Malformed>(text) { JsonReader.read(text) }
    }

    @Test
    fun `half a surrogate pair is refused, escaped or not, wherever it stands`() {
        for (half in listOf(
            "\\ud83d",
            "\\udeaa",
            "\\ud83da",
            "\\ud83d\\ud83d",
            "\\udeaa\\ud83d",
            "\ud83d",
        )) {
            assertThrows<Malformed>(half) { JsonReader.read("\"$half\"") }
        }
    }

    @Test
    fun `what is nested too deeply is refused without reading on`() {
        assertEquals(8, JsonReader.read("[".repeat(8) + "]".repeat(8)).depth())
        assertThrows<Malformed> { JsonReader.read("[".repeat(9) + "]".repeat(9)) }
        assertThrows<Malformed> { JsonReader.read("[".repeat(1_000_000)) }
    }

    private fun Json.depth(): Int = 1 + ((this as Json.Items).items.maxOfOrNull { it.depth() } ?: 0)
}
