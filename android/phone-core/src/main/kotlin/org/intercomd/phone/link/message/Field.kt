// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link.message

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.count
import org.intercomd.phone.json.text
import org.intercomd.phone.keys.Pin

// What the members of bodies may hold.

/** The number of a call: it counts up over the life of the station. */
@JvmInline
value class CallId(val number: Long) : Comparable<CallId> {
    val json: Json
        get() = Json.Integer(number)

    override fun compareTo(other: CallId): Int = number.compareTo(other.number)

    override fun toString(): String = number.toString()

    companion object {
        fun read(json: Json): CallId = CallId(count(json))
    }
}

/** The number of a session: it counts up within a call. */
@JvmInline
value class SessionNo(val number: Long) : Comparable<SessionNo> {
    val json: Json
        get() = Json.Integer(number)

    override fun compareTo(other: SessionNo): Int = number.compareTo(other.number)

    companion object {
        fun read(json: Json): SessionNo = SessionNo(smallCount(json))
    }
}

/** What the station calls a handset. */
@JvmInline
value class HandsetId(val text: String) {
    override fun toString(): String = text

    companion object {
        fun read(json: Json): HandsetId = HandsetId(name(json))
    }
}

@JvmInline
value class DoorName(val text: String) {
    override fun toString(): String = text

    companion object {
        fun read(json: Json): DoorName = DoorName(name(json))
    }
}

/** What people call a handset or a station: text to show, never markup. */
@JvmInline
value class Label private constructor(val text: String) {
    override fun toString(): String = text

    companion object {
        private val LENGTH = 1..64

        fun parse(text: String): Label? = Label(text).takeIf { isPlain(text, LENGTH) }

        fun read(json: Json): Label = parse(text(json)) ?: throw Malformed("no label")
    }
}

/** The TLS key that was seen; null where it cannot be seen. */
@JvmInline
value class Srv(val pin: Pin?) {
    val text: String
        get() = pin?.text.orEmpty()

    companion object {
        fun read(json: Json): Srv = Srv(if (text(json).isEmpty()) null else Pin.read(json))
    }
}

/** A description of a session. It holds the password of ICE, so it does not print. */
@JvmInline
value class Sdp(val text: String) {
    override fun toString(): String = "Sdp"

    companion object {
        private const val LARGEST = 16 * 1024

        fun read(json: Json): Sdp = Sdp(
            text(json).takeIf { it.toByteArray().size <= LARGEST }
                ?: throw Malformed("too long"),
        )
    }
}

/** A way to reach the sender; empty where there are no more. It tells addresses: not printed. */
@JvmInline
value class Candidate(val line: String) {
    override fun toString(): String = "Candidate"

    companion object {
        private val LENGTH = 0..1024

        fun read(json: Json): Candidate =
            Candidate(text(json).takeIf { isPlain(it, LENGTH) } ?: throw Malformed("no candidate"))
    }
}

private val NAME = Regex("[a-z][a-z0-9_]{0,63}")
private const val GREATEST_SMALL = (1L shl 32) - 1

private fun name(json: Json): String =
    text(json).takeIf(NAME::matches) ?: throw Malformed("no name")

/** Up to 2^32 − 1. */
internal fun smallCount(json: Json): Long =
    count(json).takeIf { it <= GREATEST_SMALL } ?: throw Malformed("too large")

private fun isPlain(text: String, length: IntRange): Boolean =
    text.codePointCount(0, text.length) in length && text.none(Char::isISOControl)
