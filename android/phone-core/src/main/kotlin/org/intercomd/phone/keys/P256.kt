// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.math.BigInteger
import java.security.AlgorithmParameters
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.interfaces.ECPublicKey
import java.security.spec.ECFieldFp
import java.security.spec.ECGenParameterSpec
import java.security.spec.ECParameterSpec
import java.security.spec.ECPoint
import java.security.spec.ECPublicKeySpec
import java.security.KeyPair as JcaPair

/** The curve P-256, as the platform's cryptography knows it. */
object P256 {
    /** Of a coordinate, in bytes. */
    const val SIZE = 32
    private val NAME = ECGenParameterSpec("secp256r1")

    val parameters: ECParameterSpec by lazy {
        val parameters = AlgorithmParameters.getInstance("EC")
        parameters.init(NAME)
        parameters.getParameterSpec(ECParameterSpec::class.java)
    }

    fun generate(): JcaPair {
        val generator = KeyPairGenerator.getInstance("EC")
        generator.initialize(NAME)
        return generator.generateKeyPair()
    }

    /** Null where there is no such point on the curve; not every provider checks that. */
    fun publicKey(x: ByteArray, y: ByteArray): ECPublicKey? {
        val point = ECPoint(BigInteger(1, x), BigInteger(1, y))
        if (!isOnCurve(point)) return null
        val spec = ECPublicKeySpec(point, parameters)
        return KeyFactory.getInstance("EC").generatePublic(spec) as ECPublicKey
    }

    private fun isOnCurve(point: ECPoint): Boolean {
        val curve = parameters.curve
        val prime = (curve.field as ECFieldFp).p
        val (x, y) = point.affineX to point.affineY
        if (x >= prime || y >= prime) return false
        val right = x.pow(3).add(curve.a.multiply(x)).add(curve.b)
        return y.pow(2).subtract(right).mod(prime).signum() == 0
    }

    /** A number in as many bytes as a coordinate takes. */
    fun bytes(number: BigInteger): ByteArray {
        val bytes = number.toByteArray().dropWhile { it == 0.toByte() }.toByteArray()
        require(bytes.size <= SIZE) { "too large for the curve" }
        return ByteArray(SIZE - bytes.size) + bytes
    }
}
