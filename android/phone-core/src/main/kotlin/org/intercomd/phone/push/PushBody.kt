// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.keys.hkdfSha256
import java.nio.ByteBuffer
import java.security.GeneralSecurityException
import java.security.PrivateKey
import javax.crypto.Cipher
import javax.crypto.KeyAgreement
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

/** The body of a push: `aes128gcm` (RFC 8188), of one record, as RFC 8291 uses it. */
internal class PushBody private constructor(
    private val salt: ByteArray,
    private val sender: ByteArray,
    private val record: ByteArray,
) {
    fun decrypt(private: PrivateKey, receiver: ByteArray, auth: ByteArray): ByteArray = try {
        unpadded(decrypted(secret(private, receiver, auth)))
    } catch (e: GeneralSecurityException) {
        throw PushRefused(PushRefusal.BadEncryption, "not for these keys, or damaged", e)
    }

    /** RFC 8291, section 3.4. */
    private fun secret(private: PrivateKey, receiver: ByteArray, auth: ByteArray): ByteArray {
        val key = UncompressedPoint.read(sender) ?: refuse("no key of a sender")
        val agreement = KeyAgreement.getInstance("ECDH")
        agreement.init(private)
        agreement.doPhase(key, true)
        val info = "WebPush: info\u0000".toByteArray() + receiver + sender
        return hkdfSha256(auth, agreement.generateSecret(), info, SECRET_SIZE)
    }

    private fun decrypted(secret: ByteArray): ByteArray {
        val key = hkdfSha256(salt, secret, info("aes128gcm"), KEY_SIZE)
        val nonce = hkdfSha256(salt, secret, info("nonce"), NONCE_SIZE)
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        val parameters = GCMParameterSpec(8 * TAG_SIZE, nonce)
        cipher.init(Cipher.DECRYPT_MODE, SecretKeySpec(key, "AES"), parameters)
        return cipher.doFinal(record)
    }

    private fun info(what: String) = "Content-Encoding: $what\u0000".toByteArray()

    /** What comes before the delimiter of the last record; after it there are only zeros. */
    private fun unpadded(padded: ByteArray): ByteArray {
        val end = padded.indexOfLast { it != 0.toByte() }
        if (end < 0 || padded[end] != LAST_RECORD) refuse("no end of a last record")
        return padded.copyOf(end)
    }

    companion object {
        /** Of a push, which services limit to this. */
        private const val LARGEST = 4096
        private const val SALT_SIZE = 16
        private const val TAG_SIZE = 16
        private const val KEY_SIZE = 16
        private const val NONCE_SIZE = 12
        private const val SECRET_SIZE = 32
        private const val LEAST_RECORD = TAG_SIZE + 2
        private const val HEADER_SIZE = SALT_SIZE + Int.SIZE_BYTES + 1 + UncompressedPoint.SIZE
        private const val LAST_RECORD: Byte = 2

        /** @throws PushRefused */
        fun read(body: ByteArray): PushBody {
            if (body.size > LARGEST) throw PushRefused(PushRefusal.TooLarge)
            if (body.size < HEADER_SIZE + TAG_SIZE + 1) refuse("too short")
            val buffer = ByteBuffer.wrap(body)
            val salt = buffer.take(SALT_SIZE)
            // Unsigned, so that one above 2^31 is not negative.
            val recordSize = buffer.getInt().toUInt().toLong()
            if (buffer.get().toInt() != UncompressedPoint.SIZE) refuse("no key of a sender")
            val sender = buffer.take(UncompressedPoint.SIZE)
            val record = buffer.take(buffer.remaining())
            if (recordSize < LEAST_RECORD) refuse("records that hold nothing")
            if (record.size > recordSize) refuse("more than one record")
            return PushBody(salt, sender, record)
        }

        private fun refuse(why: String): Nothing = throw PushRefused(PushRefusal.BadEncryption, why)

        private fun ByteBuffer.take(count: Int): ByteArray = ByteArray(count).also(::get)
    }
}
