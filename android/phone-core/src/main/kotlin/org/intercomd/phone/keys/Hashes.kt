// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.security.MessageDigest
import javax.crypto.spec.SecretKeySpec
import javax.crypto.Mac as JcaMac

fun sha256(vararg parts: ByteArray): ByteArray {
    val digest = MessageDigest.getInstance("SHA-256")
    parts.forEach(digest::update)
    return digest.digest()
}

fun hmacSha256(key: ByteArray, vararg parts: ByteArray): ByteArray {
    val mac = JcaMac.getInstance("HmacSHA256")
    mac.init(SecretKeySpec(key, "HmacSHA256"))
    parts.forEach(mac::update)
    return mac.doFinal()
}

/** HKDF-SHA256 (RFC 5869), for outputs of at most one block. */
fun hkdfSha256(salt: ByteArray, secret: ByteArray, info: ByteArray, length: Int): ByteArray {
    require(length <= 32) { "more than one block" }
    return hmacSha256(hmacSha256(salt, secret), info, byteArrayOf(1)).copyOf(length)
}
