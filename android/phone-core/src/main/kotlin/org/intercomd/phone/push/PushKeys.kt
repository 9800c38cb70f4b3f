// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.P256
import org.intercomd.phone.link.message.PushRegister
import java.security.KeyPair
import java.security.interfaces.ECPublicKey

/**
 * What pushes to this handset are encrypted for, one set for each station: RFC 8291, section 3.
 * The private half and the secret stay here, and do not print.
 */
class PushKeys(private val pair: KeyPair, private val auth: ByteArray) {
    init {
        require(auth.size == AUTH_SIZE) { "an authentication secret of ${auth.size} bytes" }
    }

    private val public = UncompressedPoint.of(pair.public as ECPublicKey)

    /** What the station is told, as the Push API names them. */
    val p256dh: String
        get() = Base64Url.encode(public)

    val authText: String
        get() = Base64Url.encode(auth)

    /** What asks the station to send pushes for these keys to [endpoint]. */
    fun register(endpoint: String) = PushRegister(endpoint, p256dh, authText)

    /** @throws PushRefused */
    fun decrypt(body: ByteArray): ByteArray =
        PushBody.read(body).decrypt(pair.private, public, auth)

    override fun toString(): String = "PushKeys"

    companion object {
        private const val AUTH_SIZE = 16

        fun generate(entropy: Entropy): PushKeys =
            PushKeys(P256.generate(), entropy.bytes(AUTH_SIZE))
    }
}
