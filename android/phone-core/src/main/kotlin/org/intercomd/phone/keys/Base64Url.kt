// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.util.Base64

/** Base64url without padding (RFC 4648, section 5), read strictly: one text for each value. */
object Base64Url {
    fun encode(bytes: ByteArray): String =
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

    /** Null where the text is not what [encode] would have written. */
    fun decode(text: String): ByteArray? {
        val bytes =
            try {
                Base64.getUrlDecoder().decode(text)
            } catch (_: IllegalArgumentException) {
                return null
            }
        return bytes.takeIf { encode(it) == text }
    }

    /** Exactly [length] bytes, or null. */
    fun decode(text: String, length: Int): ByteArray? = decode(text)?.takeIf { it.size == length }
}
