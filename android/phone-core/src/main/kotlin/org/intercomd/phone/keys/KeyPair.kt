// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import java.security.GeneralSecurityException
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.interfaces.ECPublicKey

/** A key of this handset. Its private half may be out of reach, as in a phone's key store. */
interface KeyPair {
    val public: PublicKey

    /** r‖s. @throws CannotSign */
    fun sign(text: ByteArray): ByteArray
}

/** A key store in trouble, or too busy, says so by either kind of exception. */
class CannotSign(cause: Exception) : Exception(cause)

/** One that the platform's cryptography can use, wherever it is kept. It does not print. */
class PlatformKeyPair(private val private: PrivateKey, override val public: PublicKey) : KeyPair {
    override fun sign(text: ByteArray): ByteArray = begin().sign(text)

    /** For a key that asks its user before it signs. @throws CannotSign */
    fun begin(): BegunSignature = try {
        BegunSignature(
            Signature.getInstance(PublicKey.ALGORITHM).apply { initSign(private) },
        )
    } catch (e: GeneralSecurityException) {
        throw CannotSign(e)
    } catch (e: ProviderException) {
        throw CannotSign(e)
    }

    override fun toString(): String = "PlatformKeyPair($public)"

    companion object {
        /** A new one, in memory. */
        fun generate(): PlatformKeyPair {
            val pair = P256.generate()
            return PlatformKeyPair(pair.private, PublicKey.of(pair.public as ECPublicKey))
        }
    }
}

/** One signature, which is given when the user agreed to [signature]. */
class BegunSignature internal constructor(val signature: Signature) {
    /** r‖s. @throws CannotSign */
    fun sign(text: ByteArray): ByteArray = try {
        signature.update(text)
        EcdsaSignature.fromDer(signature.sign())
    } catch (e: GeneralSecurityException) {
        throw CannotSign(e)
    } catch (e: ProviderException) {
        throw CannotSign(e)
    }
}
