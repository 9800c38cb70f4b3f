// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.security.keystore.KeyPermanentlyInvalidatedException
import org.intercomd.phone.keys.BegunSignature
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.link.message.DoorName
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.security.InvalidKeyException
import java.security.KeyStoreException
import java.security.Provider
import java.security.Security
import java.security.SignatureSpi

class AskingDoorSignerTest {
    private val pair = PlatformKeyPair.generate()
    private var key: () -> PlatformKeyPair? = { pair }
    private val asked = ArrayList<BegunSignature?>()
    private var answer: (Boolean?) -> Unit = {}
    private val troubles = ArrayList<SignerTrouble>()
    private val done = ArrayList<ByteArray?>()

    private fun signer(asks: KeyPlan.Asks = KeyPlan.Asks.EachTime) = AskingDoorSigner(
        key = { key() },
        asks = asks,
        asker = { _, signature, answer ->
            asked += signature
            this.answer = answer
        },
        worker = Runnable::run,
        trouble = { troubles += it },
    )

    @Test
    fun `a yes signs`() {
        signer().sign(DOOR, TEXT, done::add)
        assertEquals(emptyList<ByteArray>(), done)
        answer(true)
        assertTrue(pair.public.verifies(TEXT, checkNotNull(done.single())))
        assertEquals(emptyList<SignerTrouble>(), troubles)
    }

    @Test
    fun `a no does not, and is no trouble`() {
        signer().sign(DOOR, TEXT, done::add)
        answer(false)
        assertNull(done.single())
        assertEquals(emptyList<SignerTrouble>(), troubles)
    }

    @Test
    fun `a key that asks each time begins before the person is asked, another one after it`() {
        signer().sign(DOOR, TEXT, done::add)
        assertNotNull(asked.single())
        signer(KeyPlan.Asks.JustBefore).sign(DOOR, TEXT, done::add)
        assertNull(asked.last())
        answer(true)
        assertTrue(pair.public.verifies(TEXT, checkNotNull(done.single())))
    }

    @Test
    fun `while the person is asked for one door another one is not opened`() {
        val signer = signer()
        signer.sign(DOOR, TEXT, done::add)
        signer.sign(DoorName("gate"), TEXT, done::add)
        assertEquals(listOf(null), done)
        answer(false)
        signer.sign(DOOR, TEXT, done::add)
        assertEquals(2, asked.size)
    }

    @Test
    fun `no screen to ask on is told`() {
        signer().sign(DOOR, TEXT, done::add)
        answer(null)
        assertNull(done.single())
        assertEquals(listOf(SignerTrouble.NoScreen), troubles)
    }

    @Test
    fun `a key that is gone is to be paired anew`() {
        key = { null }
        signer().sign(DOOR, TEXT, done::add)
        key = { unusable(KeyPermanentlyInvalidatedException()) }
        signer().sign(DOOR, TEXT, done::add)
        assertEquals(listOf(null, null), done)
        assertEquals(listOf(SignerTrouble.PairAnew, SignerTrouble.PairAnew), troubles)
        assertEquals(emptyList<BegunSignature>(), asked)
    }

    @Test
    fun `a key store that fails may work the next time`() {
        key = { throw VaultFailed(KeyStoreException("locked")) }
        signer().sign(DOOR, TEXT, done::add)
        key = { unusable(InvalidKeyException("not now")) }
        signer().sign(DOOR, TEXT, done::add)
        assertEquals(listOf(SignerTrouble.Failed, SignerTrouble.Failed), troubles)
        key = { pair }
        signer().sign(DOOR, TEXT, done::add)
        answer(true)
        assertNotNull(done.last())
    }

    /** A key of which the platform says [why] it cannot be used. */
    private fun unusable(why: InvalidKeyException): PlatformKeyPair {
        Refusing.why = why
        Security.insertProviderAt(Refusing, 1)
        return PlatformKeyPair(Refusing.Key, pair.public)
    }

    private object Refusing : Provider("refusing", "1", "") {
        lateinit var why: InvalidKeyException

        init {
            put("Signature.SHA256withECDSA", Spi::class.java.name)
            put("Signature.SHA256withECDSA SupportedKeyClasses", Key::class.java.name)
        }

        object Key : java.security.PrivateKey {
            override fun getAlgorithm() = "EC"

            override fun getFormat(): String? = null

            override fun getEncoded(): ByteArray? = null
        }
    }

    class Spi : SignatureSpi() {
        override fun engineInitSign(key: java.security.PrivateKey) = throw Refusing.why

        override fun engineInitVerify(key: java.security.PublicKey) = Unit

        override fun engineUpdate(byte: Byte) = Unit

        override fun engineUpdate(bytes: ByteArray, from: Int, count: Int) = Unit

        override fun engineSign() = ByteArray(0)

        override fun engineVerify(signature: ByteArray) = false

        @Deprecated("of the platform")
        override fun engineSetParameter(name: String, value: Any) = Unit

        @Deprecated("of the platform")
        override fun engineGetParameter(name: String) = Unit
    }

    private companion object {
        val DOOR = DoorName("door")
        val TEXT = "icm1-open".toByteArray()
    }
}
