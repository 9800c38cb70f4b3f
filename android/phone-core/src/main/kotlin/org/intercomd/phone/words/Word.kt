// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.words

/** An enum whose entries have one lower-case word each: the same on the wire, in Rust and here. */
interface Word {
    val word: String
}

inline fun <reified E> wordOf(text: String): E? where E : Enum<E>, E : Word =
    enumValues<E>().find { it.word == text }
