// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.Members
import org.intercomd.phone.json.text
import java.security.GeneralSecurityException
import java.security.Signature
import java.security.interfaces.ECPublicKey

/** An ECDSA P-256 key that somebody is known by. */
class PublicKey private constructor(
    private val x: ByteArray,
    private val y: ByteArray,
    internal val key: ECPublicKey,
) {
    /** Exactly the members of the specification. */
    val jwk: Json.Object =
        Json.of(
            "kty" to Json.Text("EC"),
            "crv" to Json.Text("P-256"),
            "x" to Json.Text(Base64Url.encode(x)),
            "y" to Json.Text(Base64Url.encode(y)),
        )

    val thumbprint: Thumbprint =
        Thumbprint.of(
            sha256(THUMBPRINT.format(Base64Url.encode(x), Base64Url.encode(y)).toByteArray()),
        )

    /** [signature] is r‖s. */
    fun verifies(text: ByteArray, signature: ByteArray): Boolean {
        if (signature.size != EcdsaSignature.SIZE) return false
        return try {
            val verifier = Signature.getInstance(ALGORITHM)
            verifier.initVerify(key)
            verifier.update(text)
            verifier.verify(EcdsaSignature.toDer(signature))
        } catch (_: GeneralSecurityException) {
            false
        }
    }

    override fun equals(other: Any?): Boolean = other is PublicKey && thumbprint == other.thumbprint

    override fun hashCode(): Int = thumbprint.hashCode()

    override fun toString(): String = thumbprint.text

    companion object {
        internal const val ALGORITHM = "SHA256withECDSA"
        private const val THUMBPRINT = """{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}"""

        fun of(key: ECPublicKey): PublicKey =
            PublicKey(P256.bytes(key.w.affineX), P256.bytes(key.w.affineY), key)

        /** @throws Malformed */
        fun read(json: Json): PublicKey = Members.of(json) {
            if (text("kty") != "EC" || text("crv") != "P-256") throw Malformed("no P-256 key")
            val (x, y) = required("x", ::coordinate) to required("y", ::coordinate)
            val key = P256.publicKey(x, y) ?: throw Malformed("no point of the curve")
            PublicKey(x, y, key)
        }

        private fun coordinate(json: Json): ByteArray =
            Base64Url.decode(text(json), P256.SIZE) ?: throw Malformed("no coordinate")
    }
}
