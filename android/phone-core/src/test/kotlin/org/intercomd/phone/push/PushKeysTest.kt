// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import com.interaso.webpush.VapidKeys
import com.interaso.webpush.WebPush
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.P256
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.vectors.Vectors
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.security.KeyPair

class PushKeysTest {
    private val entropy = Entropy.secure()
    private val text = "a ring".toByteArray()

    @Test
    fun `the example of RFC 8291 is read`() {
        val public = checkNotNull(UncompressedPoint.read(bytes(RFC_PUBLIC)))
        val private = Vectors.privateKey(bytes(RFC_PRIVATE))
        val keys = PushKeys(KeyPair(public, private), bytes(RFC_AUTH))
        assertEquals(RFC_PUBLIC, keys.p256dh)
        val read = keys.decrypt(bytes(RFC_BODY)).toString(Charsets.UTF_8)
        assertEquals("When I grow up, I want to be a watermelon", read)
    }

    @Test
    fun `what was encrypted for these keys is read, padded or not`() {
        val keys = PushKeys.generate(entropy)
        for (padding in listOf(0, 1, 100)) {
            val body = PushSender(keys).encrypt(text, padding)
            assertArrayEquals(text, keys.decrypt(body))
        }
        assertArrayEquals(ByteArray(0), keys.decrypt(PushSender(keys).encrypt(ByteArray(0))))
    }

    @Test
    fun `what another implementation encrypts is read`() {
        val theirs = VapidKeys.generate()
        val sender = WebPush("https://example.org", theirs)
        repeat(20) { length ->
            val keys = PushKeys.generate(entropy)
            val text = entropy.bytes(length * 100)
            val body = sender.getBody(text, bytes(keys.p256dh), bytes(keys.authText))
            assertArrayEquals(text, keys.decrypt(body))
        }
        val key = PublicKey.of(theirs.publicKey).applicationServerKey
        assertEquals(Base64Url.encode(theirs.applicationServerKey), key)
    }

    @Test
    fun `a push for other keys is refused`() {
        val body = PushSender(PushKeys.generate(entropy)).encrypt(text)
        assertThrows<PushRefused> { PushKeys.generate(entropy).decrypt(body) }
    }

    @Test
    fun `a push with another secret is refused`() {
        val pair = P256.generate()
        val body = PushSender(PushKeys(pair, ByteArray(16))).encrypt(text)
        assertThrows<PushRefused> { PushKeys(pair, ByteArray(16) { 1 }).decrypt(body) }
    }

    @Test
    fun `a push of which any bit was changed is refused`() {
        val keys = PushKeys.generate(entropy)
        val body = PushSender(keys).encrypt(text)
        for (place in body.indices.filter { it !in RECORD_SIZE }) {
            val changed = body.copyOf().also { it[place] = (it[place].toInt() xor 1).toByte() }
            val refused = assertThrows<PushRefused>("byte $place") { keys.decrypt(changed) }
            assertEquals(PushRefusal.BadEncryption, refused.why)
        }
    }

    @Test
    fun `a push that was cut anywhere is refused`() {
        val keys = PushKeys.generate(entropy)
        val body = PushSender(keys).encrypt(text)
        for (length in body.indices) {
            assertThrows<PushRefused>("$length bytes") { keys.decrypt(body.copyOf(length)) }
        }
    }

    @Test
    fun `more than one record, or one that is not the last, is refused`() {
        val keys = PushKeys.generate(entropy)
        assertThrows<PushRefused> { keys.decrypt(PushSender(keys).encrypt(text, recordSize = 18)) }
        assertThrows<PushRefused> { keys.decrypt(PushSender(keys).encrypt(text, delimiter = 1)) }
        assertThrows<PushRefused> {
            keys.decrypt(PushSender(keys).encrypt(ByteArray(0), delimiter = 0))
        }
    }

    @Test
    fun `a push that is larger than any service lets pass is refused`() {
        val keys = PushKeys.generate(entropy)
        val body = PushSender(keys).encrypt(ByteArray(4096), recordSize = 8192)
        assertEquals(PushRefusal.TooLarge, assertThrows<PushRefused> { keys.decrypt(body) }.why)
    }

    @Test
    fun `a sender that is no point of the curve is refused`() {
        val keys = PushKeys.generate(entropy)
        val body = PushSender(keys).encrypt(text)
        val zeros = body.copyOf().also { it.fill(0, 22, 86) }
        assertThrows<PushRefused> { keys.decrypt(zeros) }
    }

    @Test
    fun `keys do not print`() {
        val keys = PushKeys.generate(entropy)
        assertFalse(keys.toString().contains(keys.authText))
    }

    private fun bytes(text: String) = checkNotNull(Base64Url.decode(text))

    private companion object {
        /** A larger one changes nothing. */
        val RECORD_SIZE = 16..19

        // RFC 8291, section 5.
        const val RFC_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
        const val RFC_PUBLIC =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        const val RFC_AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
        const val RFC_BODY =
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc" +
                "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyou" +
                "BWLVWGNWQexSgSxsj_Qulcy4a-fN"
    }
}
