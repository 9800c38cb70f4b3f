// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.security.SecureRandom

/** Where random bytes come from. */
fun interface Entropy {
    fun bytes(count: Int): ByteArray

    fun mid(): Mid = Mid.of(bytes(16))

    fun nonce(): Nonce = Nonce.of(bytes(16))

    companion object {
        fun secure(): Entropy {
            val random = SecureRandom()
            return Entropy { count -> ByteArray(count).also(random::nextBytes) }
        }
    }
}
