// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.json

import org.intercomd.phone.words.Word
import org.intercomd.phone.words.wordOf

/** Reads the members of an object. Unknown ones are as wrong as missing ones. */
class Members private constructor(private val json: Json.Object) {
    private val read = HashSet<String>()

    fun <T : Any> required(name: String, reader: (Json) -> T): T =
        maybe(name, reader) ?: throw Malformed("no $name")

    /** Absent is fine; `null` is not. */
    fun <T : Any> maybe(name: String, reader: (Json) -> T): T? {
        read += name
        return json[name]?.let(reader)
    }

    fun text(name: String): String = required(name, ::text)

    fun count(name: String): Long = required(name, ::count)

    fun flag(name: String): Boolean = required(name, ::flag)

    companion object {
        /** @throws Malformed also when [reader] left a member unread. */
        fun <T> of(json: Json, reader: Members.() -> T): T {
            val members = Members(json as? Json.Object ?: throw Malformed("no object"))
            val value = members.reader()
            val unread = members.json.members.keys - members.read
            if (unread.isNotEmpty()) throw Malformed("unknown members")
            return value
        }
    }
}

fun text(json: Json): String = (json as? Json.Text)?.text ?: throw Malformed("no text")

fun flag(json: Json): Boolean = (json as? Json.Flag)?.on ?: throw Malformed("not true or false")

/** From 0 to 2^53 − 1. */
fun count(json: Json): Long =
    (json as? Json.Integer)?.value?.takeIf { it >= 0 } ?: throw Malformed("no count")

fun <T> listOf(item: (Json) -> T): (Json) -> List<T> =
    { json -> ((json as? Json.Items) ?: throw Malformed("no list")).items.map(item) }

inline fun <reified E> word(json: Json): E where E : Enum<E>, E : Word =
    wordOf<E>(text(json)) ?: throw Malformed("unknown word")
