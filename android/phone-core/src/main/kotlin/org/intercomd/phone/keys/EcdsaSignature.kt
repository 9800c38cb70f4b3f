// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.math.BigInteger

/** ECDSA signatures travel as r‖s; the platform speaks DER. */
internal object EcdsaSignature {
    const val SIZE = 2 * P256.SIZE

    fun toDer(raw: ByteArray): ByteArray {
        require(raw.size == SIZE) { "no r‖s" }
        val numbers =
            integer(raw.copyOfRange(0, P256.SIZE)) + integer(raw.copyOfRange(P256.SIZE, SIZE))
        return byteArrayOf(SEQUENCE, numbers.size.toByte()) + numbers
    }

    fun fromDer(der: ByteArray): ByteArray {
        // Two numbers of at most 33 bytes: every length fits in one byte.
        val first = der.copyOfRange(4, 4 + der[3])
        val second = der.copyOfRange(6 + der[3], der.size)
        return P256.bytes(BigInteger(1, first)) + P256.bytes(BigInteger(1, second))
    }

    private fun integer(bytes: ByteArray): ByteArray {
        val number = BigInteger(1, bytes).toByteArray()
        return byteArrayOf(INTEGER, number.size.toByte()) + number
    }

    private const val SEQUENCE: Byte = 0x30
    private const val INTEGER: Byte = 0x02
}
