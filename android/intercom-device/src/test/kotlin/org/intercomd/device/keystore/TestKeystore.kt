// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keystore

import android.security.keystore.KeyGenParameterSpec
import org.intercomd.phone.keys.P256
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.vectors.asObject
import org.intercomd.phone.vectors.bytes
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.PublicKey
import java.security.SecureRandom
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/**
 * Android Keystore in memory, for Robolectric has none. The pairs that it makes are those of the
 * wire vectors, which a scripted station knows; it asks nobody.
 */
class TestKeystore : Provider(NAME, "1", "for tests") {
    init {
        kept.clear()
        put("KeyStore.$NAME", Store::class.java.name)
        put("KeyPairGenerator.EC", Pairs::class.java.name)
        put("KeyGenerator.AES", Secrets::class.java.name)
    }

    class Store : KeyStoreSpi() {
        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineAliases(): Enumeration<String> = Collections.enumeration(kept.keys)

        override fun engineContainsAlias(alias: String): Boolean = alias in kept

        override fun engineSize(): Int = kept.size

        override fun engineGetKey(alias: String, password: CharArray?): Key? =
            kept[alias]?.let { (it as? KeyPair)?.private ?: it as Key }

        override fun engineGetCertificate(alias: String): Certificate? =
            (kept[alias] as? KeyPair)?.let { Told(it.public) }

        override fun engineDeleteEntry(alias: String) {
            kept -= alias
        }

        override fun engineIsKeyEntry(alias: String): Boolean = alias in kept

        override fun engineIsCertificateEntry(alias: String): Boolean = false

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

        override fun engineSetKeyEntry(
            alias: String,
            key: Key?,
            password: CharArray?,
            chain: Array<Certificate>?,
        ) = throw UnsupportedOperationException()

        override fun engineSetKeyEntry(
            alias: String,
            key: ByteArray?,
            chain: Array<Certificate>?,
        ) = throw UnsupportedOperationException()

        override fun engineSetCertificateEntry(alias: String, certificate: Certificate?) =
            throw UnsupportedOperationException()

        override fun engineStore(stream: OutputStream?, password: CharArray?) =
            throw UnsupportedOperationException()
    }

    class Pairs : KeyPairGeneratorSpi() {
        private lateinit var alias: String

        override fun initialize(spec: AlgorithmParameterSpec, random: SecureRandom?) {
            alias = (spec as KeyGenParameterSpec).keystoreAlias
        }

        override fun initialize(size: Int, random: SecureRandom?) =
            throw UnsupportedOperationException()

        override fun generateKeyPair(): KeyPair {
            val name = if ("call" in alias) "handset_call" else "handset_action"
            return vector(name).also { kept[alias] = it }
        }
    }

    class Secrets : KeyGeneratorSpi() {
        private lateinit var alias: String

        override fun engineInit(spec: AlgorithmParameterSpec, random: SecureRandom?) {
            alias = (spec as KeyGenParameterSpec).keystoreAlias
        }

        override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()

        override fun engineInit(size: Int, random: SecureRandom?) =
            throw UnsupportedOperationException()

        override fun engineGenerateKey(): SecretKey {
            val bytes = ByteArray(32).also { SecureRandom().nextBytes(it) }
            return SecretKeySpec(bytes, "AES").also { kept[alias] = it }
        }
    }

    private class Told(private val key: PublicKey) : Certificate("X.509") {
        override fun getPublicKey(): PublicKey = key

        override fun getEncoded(): ByteArray = key.encoded

        override fun verify(key: PublicKey?) = Unit

        override fun verify(key: PublicKey?, provider: String?) = Unit

        override fun toString(): String = "Told"
    }

    companion object {
        const val NAME = "AndroidKeyStore"
        private val kept: MutableMap<String, Any> = Collections.synchronizedMap(LinkedHashMap())

        private fun vector(name: String): KeyPair {
            val key = Vectors.read("keys.json")["keys"].asObject[name].asObject
            val jwk = key["jwk"].asObject
            val public = checkNotNull(P256.publicKey(jwk.bytes("x"), jwk.bytes("y")))
            return KeyPair(public, Vectors.privateKey(key.bytes("d")))
        }
    }
}
