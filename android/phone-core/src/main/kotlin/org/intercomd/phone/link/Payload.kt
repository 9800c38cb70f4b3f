// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.count
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.Thumbprint

/** What is signed: PROTOCOL.md, section 2. */
data class Payload(
    val mid: Mid,
    val from: Thumbprint,
    val to: Thumbprint,
    val sx: String,
    val seq: Long,
    val ack: Long,
    val re: Mid?,
    val t: String,
    val b: Json.Object,
) {
    val json: Json.Object
        get() =
            Json.of(
                "v" to Json.Integer(VERSION),
                "mid" to mid.json,
                "from" to from.json,
                "to" to to.json,
                "sx" to Json.Text(sx),
                "seq" to Json.Integer(seq),
                "ack" to Json.Integer(ack),
                "re" to re?.json,
                "t" to Json.Text(t),
                "b" to b,
            )

    companion object {
        private const val VERSION = 1L

        /** @throws Malformed */
        fun read(json: Json): Payload = Members.of(json) {
            if (required("v", ::count) != VERSION) throw Malformed("another version")
            Payload(
                mid = required("mid", Mid::read),
                from = required("from", Thumbprint::read),
                to = required("to", Thumbprint::read),
                sx = text("sx"),
                seq = count("seq"),
                ack = count("ack"),
                re = maybe("re", Mid::read),
                t = text("t"),
                b = required("b") { it as? Json.Object ?: throw Malformed("no body") },
            )
        }
    }
}
