// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.keys

import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.security.PrivateKey
import java.security.Provider
import java.security.ProviderException
import java.security.Security
import java.security.SignatureSpi
import java.security.PublicKey as JavaKey

class KeyPairTest {
    @Test
    fun `a key store that is busy cannot sign, and ends nothing`() {
        Security.addProvider(Busy())
        try {
            val pair = PlatformKeyPair(KeptElsewhere, PlatformKeyPair.generate().public)
            val told = assertThrows(CannotSign::class.java) { pair.sign("hello".toByteArray()) }
            assertTrue(told.cause is ProviderException)
        } finally {
            Security.removeProvider(BUSY)
        }
    }

    private object KeptElsewhere : PrivateKey {
        private fun readResolve(): Any = KeptElsewhere

        override fun getAlgorithm(): String = "EC"

        override fun getFormat(): String? = null

        override fun getEncoded(): ByteArray? = null
    }

    private class Busy : Provider(BUSY, "1", "for tests") {
        init {
            put("Signature.${PublicKey.ALGORITHM}", BusySignature::class.java.name)
            put(
                "Signature.${PublicKey.ALGORITHM} SupportedKeyClasses",
                KeptElsewhere::class.java.name,
            )
        }
    }

    class BusySignature : SignatureSpi() {
        override fun engineInitSign(key: PrivateKey) = throw ProviderException("busy")

        override fun engineInitVerify(key: JavaKey) = Unit

        override fun engineUpdate(b: Byte) = Unit

        override fun engineUpdate(b: ByteArray, from: Int, length: Int) = Unit

        override fun engineSign(): ByteArray = ByteArray(0)

        override fun engineVerify(signature: ByteArray): Boolean = false

        @Deprecated("Deprecated in Java")
        override fun engineSetParameter(name: String, value: Any) = Unit

        @Deprecated("Deprecated in Java")
        override fun engineGetParameter(name: String): Any = name
    }

    private companion object {
        const val BUSY = "Busy"
    }
}
