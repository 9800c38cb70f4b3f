// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.json

import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * JSON as the protocol reads it: no member twice, no half of a surrogate pair, nested no deeper
 * than [deepest]. A peer that read any of these another way would have been told something else
 * under the same signature.
 */
class JsonReader private constructor(private val text: String, private val deepest: Int) {
    private var at = 0

    private fun whole(): Json {
        val value = value(0)
        skip()
        if (at != text.length) fail("more than one value")
        return value
    }

    private fun value(depth: Int): Json {
        skip()
        val next = text.getOrNull(at)
        if ((next == '{' || next == '[') && depth == deepest) fail("nested too deeply")
        return when (next) {
            '{' -> members(depth)
            '[' -> items(depth)
            '"' -> Json.Text(string())
            else -> literal() ?: number()
        }
    }

    private fun literal(): Json? {
        val (word, value) = LITERALS.entries.find { text.startsWith(it.key, at) } ?: return null
        at += word.length
        return value
    }

    private fun number(): Json {
        val digits = NUMBER.matchAt(text, at)?.value ?: fail("unexpected character")
        at += digits.length
        val exact = if (INTEGER.matches(digits)) digits.toLongOrNull() else null
        return exact?.takeIf { it in -Json.GREATEST..Json.GREATEST }?.let(Json::Integer)
            ?: Json.OtherNumber
    }

    private fun members(depth: Int): Json.Object {
        val members = LinkedHashMap<String, Json>()
        need('{')
        if (takes('}')) return Json.Object(members)
        do {
            skip()
            val name = string()
            if (name in members) fail("two members of one name")
            need(':')
            members[name] = value(depth + 1)
        } while (takes(','))
        need('}')
        return Json.Object(members)
    }

    private fun items(depth: Int): Json.Items {
        val items = ArrayList<Json>()
        need('[')
        if (takes(']')) return Json.Items(items)
        do items += value(depth + 1) while (takes(','))
        need(']')
        return Json.Items(items)
    }

    private fun string(): String {
        if (text.getOrNull(at) != '"') fail("no string")
        at += 1
        val read = StringBuilder()
        while (true) {
            val next = text.getOrNull(at) ?: fail("a string without an end")
            at += 1
            when {
                next == '"' -> return whole(read)
                next == '\\' -> read.append(escaped())
                next < ' ' -> fail("a control character")
                else -> read.append(next)
            }
        }
    }

    private fun escaped(): Char {
        val letter = text.getOrNull(at) ?: fail("a string without an end")
        at += 1
        if (letter != 'u') return ESCAPES[letter] ?: fail("no such escape")
        val digits = HEXADECIMAL.matchAt(text, at)?.value ?: fail("no such escape")
        at += digits.length
        return digits.toInt(16).toChar()
    }

    private fun whole(read: StringBuilder): String {
        var halves = 0
        for (letter in read) {
            val isSecond = letter.isLowSurrogate()
            if (isSecond != (halves == 1)) fail("half a surrogate pair")
            halves = if (letter.isHighSurrogate()) 1 else 0
        }
        if (halves != 0) fail("half a surrogate pair")
        return read.toString()
    }

    private fun skip() {
        while (text.getOrNull(at) in SPACE) at += 1
    }

    private fun takes(letter: Char): Boolean {
        skip()
        if (text.getOrNull(at) != letter) return false
        at += 1
        return true
    }

    private fun need(letter: Char) {
        if (!takes(letter)) fail("no $letter")
    }

    private fun fail(why: String): Nothing = throw Malformed("$why at $at")

    companion object {
        /** Objects and lists within each other; the payload itself is the first. */
        const val DEEPEST = 8

        private val SPACE = setOf<Char?>(' ', '\t', '\n', '\r')
        private val NUMBER = Regex("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
        private val INTEGER = Regex("0|-?[1-9][0-9]*")
        private val HEXADECIMAL = Regex("[0-9a-fA-F]{4}")
        private val LITERALS =
            mapOf("true" to Json.Flag(true), "false" to Json.Flag(false), "null" to Json.Null)
        private val ESCAPES =
            mapOf(
                '"' to '"',
                '\\' to '\\',
                '/' to '/',
                'b' to '\b',
                'f' to '\u000c',
                'n' to '\n',
                'r' to '\r',
                't' to '\t',
            )

        /** @throws Malformed */
        fun read(text: String, deepest: Int = DEEPEST): Json = JsonReader(text, deepest).whole()

        /** UTF-8 without a byte order mark. @throws Malformed */
        fun read(bytes: ByteArray): Json {
            // It reports what it cannot read, and keeps a byte order mark, which is no JSON.
            val decoder = Charsets.UTF_8.newDecoder()
            val text =
                try {
                    decoder.decode(ByteBuffer.wrap(bytes)).toString()
                } catch (_: CharacterCodingException) {
                    throw Malformed("no UTF-8")
                }
            return read(text)
        }
    }
}
