// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.pairings

import org.intercomd.device.keys.KeyPlan
import org.intercomd.device.keys.KeysName
import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.count
import org.intercomd.phone.json.flag
import org.intercomd.phone.json.listOf
import org.intercomd.phone.json.text
import org.intercomd.phone.json.written
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv

/** A station that this phone is paired with. */
data class PairedStation(
    val key: PublicKey,
    /** What the person calls it. */
    val name: String,
    val pin: Srv,
    /** `host:port`, the one that worked last first. */
    val addresses: List<String>,
    /** What the station calls this phone. */
    val handset: HandsetId,
    val keys: KeysName,
    /** How its action key was made. */
    val asks: KeyPlan.Asks,
    /** The station said that it does not know this phone any more. */
    val isRevoked: Boolean = false,
) {
    val id: Thumbprint
        get() = key.thumbprint

    internal fun written(): ByteArray = Json.of(
        "v" to Json.Integer(VERSION),
        "key" to key.jwk,
        "name" to Json.Text(name),
        "pin" to Json.Text(pin.text),
        "at" to Json.texts(addresses),
        "handset" to Json.Text(handset.text),
        "keys" to Json.Text(keys.text),
        "asks" to Json.Text(ASKS.getValue(asks)),
        "revoked" to Json.Flag(true).takeIf { isRevoked },
    ).written().toByteArray()

    internal companion object {
        private const val VERSION = 1L
        private val ASKS =
            mapOf(
                KeyPlan.Asks.Nobody to "nobody",
                KeyPlan.Asks.EachTime to "each_time",
                KeyPlan.Asks.JustBefore to "just_before",
            )

        /** @throws Malformed */
        fun read(bytes: ByteArray): PairedStation = Members.of(JsonReader.read(bytes)) {
            if (required("v", ::count) != VERSION) throw Malformed("of another version")
            PairedStation(
                key = required("key", PublicKey::read),
                name = required("name", Label::read).text,
                pin = required("pin", Srv::read),
                addresses = required("at", listOf(::text)),
                handset = required("handset", HandsetId::read),
                keys = KeysName(text("keys")),
                asks = asks(text("asks")),
                isRevoked = maybe("revoked", ::flag) ?: false,
            )
        }

        private fun asks(word: String): KeyPlan.Asks =
            ASKS.entries.find { it.value == word }?.key ?: throw Malformed("unknown word")
    }
}
