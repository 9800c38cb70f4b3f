// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.P256
import org.intercomd.phone.keys.PublicKey
import java.security.interfaces.ECPublicKey

/** What a push service knows the station by. */
val PublicKey.applicationServerKey: String
    get() = Base64Url.encode(UncompressedPoint.of(key))

/** A public key as pushes carry it: 4, x, y. */
internal object UncompressedPoint {
    const val SIZE = 1 + 2 * P256.SIZE
    private const val UNCOMPRESSED: Byte = 4

    fun of(key: ECPublicKey): ByteArray =
        byteArrayOf(UNCOMPRESSED) + P256.bytes(key.w.affineX) + P256.bytes(key.w.affineY)

    /** Null where it is no point of the curve. */
    fun read(bytes: ByteArray): ECPublicKey? {
        if (bytes.size != SIZE || bytes[0] != UNCOMPRESSED) return null
        val middle = 1 + P256.SIZE
        return P256.publicKey(bytes.copyOfRange(1, middle), bytes.copyOfRange(middle, SIZE))
    }
}
