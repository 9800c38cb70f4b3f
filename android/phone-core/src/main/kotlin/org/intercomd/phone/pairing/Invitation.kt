// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.pairing

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.count
import org.intercomd.phone.json.listOf
import org.intercomd.phone.json.text
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv

/** What a pairing link, as text or as a QR code, holds: PROTOCOL.md, section 4. */
data class Invitation(
    /** Of the station. */
    val name: String,
    val key: Thumbprint,
    /** Null where the station speaks plain HTTP, which it does on the loopback address only. */
    val pin: Srv,
    /** Where the station may be reached, `host:port`, the likeliest first. */
    val at: List<String>,
    val token: Token,
) {
    companion object {
        private const val FRAGMENT = "#pair="
        private const val VERSION = 1L

        /** Null where it is no pairing link. */
        fun read(link: String): Invitation? {
            val fragment = link.substringAfter(FRAGMENT, missingDelimiterValue = "")
            val bytes = Base64Url.decode(fragment) ?: return null
            return try {
                of(JsonReader.read(bytes))
            } catch (_: Malformed) {
                null
            }
        }

        private fun of(json: Json): Invitation = Members.of(json) {
            if (required("v", ::count) != VERSION) throw Malformed("another version")
            Invitation(
                name = required("name", Label::read).text,
                key = required("key", Thumbprint::read),
                pin = required("pin", Srv::read),
                at = required("at", listOf(::text)),
                token = required("token", Token::read),
            )
        }
    }
}
