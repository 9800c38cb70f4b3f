// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.P256
import org.intercomd.phone.keys.hkdfSha256
import java.nio.ByteBuffer
import java.security.interfaces.ECPublicKey
import javax.crypto.Cipher
import javax.crypto.KeyAgreement
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

/** A station's side of a push, right and wrong. */
class PushSender(private val keys: PushKeys) {
    fun encrypt(
        text: ByteArray,
        padding: Int = 0,
        recordSize: Int = 4096,
        delimiter: Byte = 2,
    ): ByteArray {
        val receiver = checkNotNull(Base64Url.decode(keys.p256dh))
        val auth = checkNotNull(Base64Url.decode(keys.authText))
        val pair = P256.generate()
        val sender = UncompressedPoint.of(pair.public as ECPublicKey)
        val agreement = KeyAgreement.getInstance("ECDH")
        agreement.init(pair.private)
        agreement.doPhase(checkNotNull(UncompressedPoint.read(receiver)), true)
        val info = "WebPush: info\u0000".toByteArray() + receiver + sender
        val secret = hkdfSha256(auth, agreement.generateSecret(), info, 32)
        val salt = ByteArray(16) { it.toByte() }
        val padded = text + byteArrayOf(delimiter) + ByteArray(padding)
        return salt + size(recordSize) + byteArrayOf(65) + sender + sealed(secret, salt, padded)
    }

    private fun sealed(secret: ByteArray, salt: ByteArray, padded: ByteArray): ByteArray {
        val key = hkdfSha256(salt, secret, "Content-Encoding: aes128gcm\u0000".toByteArray(), 16)
        val nonce = hkdfSha256(salt, secret, "Content-Encoding: nonce\u0000".toByteArray(), 12)
        val cipher = Cipher.getInstance("AES/GCM/NoPadding")
        cipher.init(
            Cipher.ENCRYPT_MODE,
            SecretKeySpec(key, "AES"),
            GCMParameterSpec(128, nonce),
        )
        return cipher.doFinal(padded)
    }

    private fun size(recordSize: Int) = ByteBuffer.allocate(4).putInt(recordSize).array()
}
