// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.json

/** The shortest spelling, members in their order. */
fun Json.written(): String = buildString { write(this@written) }

private fun StringBuilder.write(value: Json) {
    when (value) {
        is Json.Object -> writeMembers(value)
        is Json.Items -> writeEach(value.items, '[', ']') { write(it) }
        is Json.Text -> writeText(value.text)
        is Json.Integer -> append(value.value)
        is Json.Flag -> append(value.on)
        Json.Null -> append("null")
        Json.OtherNumber -> error("a number that was not read cannot be written")
    }
}

private fun StringBuilder.writeMembers(value: Json.Object) =
    writeEach(value.members.entries, '{', '}') { (name, member) ->
        writeText(name)
        append(':')
        write(member)
    }

private fun <T> StringBuilder.writeEach(
    all: Iterable<T>,
    open: Char,
    close: Char,
    write: StringBuilder.(T) -> Unit,
) {
    append(open)
    all.forEachIndexed { place, item ->
        if (place > 0) append(',')
        write(item)
    }
    append(close)
}

private fun StringBuilder.writeText(text: String) {
    append('"')
    for (letter in text) {
        when {
            letter == '"' || letter == '\\' -> append('\\').append(letter)
            letter < ' ' -> append("\\u%04x".format(letter.code))
            else -> append(letter)
        }
    }
    append('"')
}
