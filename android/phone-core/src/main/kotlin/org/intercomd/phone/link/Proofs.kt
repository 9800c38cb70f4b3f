// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Mac
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.keys.Token
import org.intercomd.phone.keys.hmacSha256
import org.intercomd.phone.keys.sha256
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Srv

/** What is hashed and authenticated beside the envelope. */
object Proofs {
    /** The context that both nonces make. */
    fun context(mine: Nonce, theirs: Nonce): String = Base64Url.encode(
        sha256("icm1-context".toByteArray(), mine.bytes, theirs.bytes).copyOf(16),
    )

    /** By which the station sees that this handset was given the token. */
    fun claim(
        token: Token,
        station: Thumbprint,
        call: Thumbprint,
        action: Thumbprint,
        srv: Srv,
    ): Mac = mac(token, "icm1-pair", station.text, call.text, action.text, srv.text)

    /** By which the handset sees that the station made the token. */
    fun confirmation(
        token: Token,
        station: Thumbprint,
        call: Thumbprint,
        handset: HandsetId,
    ): Mac = mac(token, "icm1-paired", station.text, call.text, handset.text)

    private fun mac(token: Token, vararg parts: String): Mac =
        Mac.of(hmacSha256(token.bytes, joined(*parts)))
}

/** As UTF-8, with a zero byte between them. */
internal fun joined(vararg parts: String): ByteArray = parts.joinToString("\u0000").toByteArray()
