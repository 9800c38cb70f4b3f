// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

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
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** In place of Android Keystore, which is not there on a JVM. */
internal object TestKeyStore {
    const val NAME = "AndroidKeyStore"
    val keys: MutableMap<String, Key> = ConcurrentHashMap()
    val certificates: MutableMap<String, Certificate> = ConcurrentHashMap()

    /** Each Android of these tests has classes of its own, and Java's providers are of them all. */
    fun install() {
        keys.clear()
        certificates.clear()
        Security.removeProvider(NAME)
        Security.addProvider(TestKeys())
    }
}

internal class TestKeys : Provider(TestKeyStore.NAME, "1", "of these tests") {
    init {
        put("KeyStore.${TestKeyStore.NAME}", TestStore::class.java.name)
        put("KeyPairGenerator.EC", TestPairs::class.java.name)
        put("KeyGenerator.AES", TestSecrets::class.java.name)
    }
}

/** Every phone has the keys that a [org.intercomd.phone.link.ScriptedStation] knows. */
internal class TestPairs : KeyPairGeneratorSpi() {
    private lateinit var alias: String

    override fun initialize(parameters: AlgorithmParameterSpec, random: SecureRandom?) {
        alias = (parameters as KeyGenParameterSpec).keystoreAlias
    }

    override fun initialize(keysize: Int, random: SecureRandom?) = error("has no name")

    override fun generateKeyPair(): KeyPair {
        val name = if ("action" in alias) "handset_action" else "handset_call"
        val key = Vectors.read("keys.json")["keys"].asObject[name].asObject
        val point = key["jwk"].asObject
        val private = Vectors.privateKey(key.bytes("d"))
        val public = checkNotNull(P256.publicKey(point.bytes("x"), point.bytes("y")))
        TestKeyStore.keys[alias] = private
        TestKeyStore.certificates[alias] = Holder(public)
        return KeyPair(public, private)
    }
}

internal class TestSecrets : KeyGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?) = error("has no name")

    override fun engineInit(keysize: Int, random: SecureRandom?) = error("has no name")

    override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun engineGenerateKey(): SecretKey {
        val key = KeyGenerator.getInstance("AES").apply { init(spec.keySize) }.generateKey()
        TestKeyStore.keys[spec.keystoreAlias] = key
        return key
    }
}

internal class TestStore : KeyStoreSpi() {
    override fun engineGetKey(alias: String, password: CharArray?): Key? = TestKeyStore.keys[alias]

    override fun engineGetCertificate(alias: String): Certificate? =
        TestKeyStore.certificates[alias]

    override fun engineContainsAlias(alias: String): Boolean = alias in TestKeyStore.keys

    override fun engineDeleteEntry(alias: String) {
        TestKeyStore.keys -= alias
        TestKeyStore.certificates -= alias
    }

    override fun engineAliases(): Enumeration<String> =
        Collections.enumeration(TestKeyStore.keys.keys)

    override fun engineSize(): Int = TestKeyStore.keys.size

    override fun engineIsKeyEntry(alias: String): Boolean = engineContainsAlias(alias)

    override fun engineIsCertificateEntry(alias: String): Boolean = false

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificateAlias(cert: Certificate?): String? = null

    override fun engineGetCreationDate(alias: String): Date? = null

    override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

    override fun engineStore(stream: OutputStream?, password: CharArray?) = error("is in memory")

    override fun engineSetKeyEntry(
        alias: String,
        key: Key,
        password: CharArray?,
        chain: Array<Certificate>?,
    ) = error("makes its keys itself")

    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) =
        error("makes its keys itself")

    override fun engineSetCertificateEntry(alias: String, cert: Certificate?) =
        error("makes its keys itself")
}

/** That of Android holds a public key, and nobody looks at the rest of it. */
private class Holder(private val key: PublicKey) : Certificate("X.509") {
    override fun getPublicKey(): PublicKey = key

    override fun getEncoded(): ByteArray = key.encoded

    override fun verify(key: PublicKey?) = Unit

    override fun verify(key: PublicKey?, sigProvider: String?) = Unit

    override fun toString(): String = "holds a key"
}
