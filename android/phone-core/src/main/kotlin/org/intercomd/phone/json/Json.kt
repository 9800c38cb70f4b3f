// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.json

/** A JSON value as the protocol knows it. */
sealed interface Json {
    data class Object(val members: Map<String, Json>) : Json {
        operator fun get(name: String): Json? = members[name]
    }

    data class Items(val items: List<Json>) : Json

    data class Text(val text: String) : Json

    /** At most 2^53 − 1 either way, written as digits alone. */
    data class Integer(val value: Long) : Json

    /** Any other number; nothing in the protocol is one. */
    data object OtherNumber : Json

    data class Flag(val on: Boolean) : Json

    data object Null : Json

    companion object {
        const val GREATEST: Long = (1L shl 53) - 1

        /** Members without a value are left out. */
        fun of(vararg members: Pair<String, Json?>): Object =
            Object(members.mapNotNull { (name, value) -> value?.let { name to it } }.toMap())

        fun texts(texts: Iterable<String>): Items = Items(texts.map(::Text))
    }
}

/** What is no JSON, or not of the shape that is expected. */
class Malformed(why: String) : Exception(why)
