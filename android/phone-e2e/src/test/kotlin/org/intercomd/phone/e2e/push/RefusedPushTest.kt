// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import org.intercomd.phone.e2e.Phone
import org.intercomd.phone.e2e.until
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Payload
import org.intercomd.phone.push.PushSender
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test

/** What is made of a real push by others than the station, and what a phone says of it. */
class RefusedPushTest {
    @Test
    fun `a phone rings for nothing but what the station says to it now`() = asleep {
        val (kitchen, study) = sleeper("Kitchen") to sleeper("Study")
        // What comes through the push server, but not to the phone.
        distributor.holdsBack = true
        panel.press("bell")
        until("both rings are held back") { distributor.heldBack == 2 }
        val ring = distributor.heldBackFor("Kitchen").single()
        val words = kitchen.pushKeys.decrypt(ring).decodeToString()

        kitchen.pushed(ByteArray(LARGEST + 1))
        kitchen.pushed(ring.changedAt(ring.size / 2))
        kitchen.pushed(ring.copyOf(ring.size - 1))
        kitchen.pushed(words.toByteArray())
        kitchen.pushed(sealedFor(kitchen, words.substringAfter('.')))
        kitchen.pushed(sealedFor(kitchen, bySomebodyElse(words)))
        kitchen.pushed(sealedFor(kitchen, altered(words)))
        val unreadable = List(3) { "bad_encryption" }
        val refused =
            listOf("too_large") + unreadable + listOf("bad_header", "unknown_key", "bad_signature")
        assertEquals(refused, kitchen.refused(refused.size))
        study.pushed(ring)
        study.pushed(sealedFor(study, words))
        assertEquals(listOf("bad_encryption", "wrong_recipient"), study.refused(2))
        for (phone in listOf(kitchen, study)) assertNull(phone.call)

        distributor.passOn()
        val cid = kitchen.rings()
        assertEquals(cid, study.rings())
        distributor.holdsBack = false
        panel.press("end")
        kitchen.toldEnd(cid)
        kitchen.pushed(ring)
        val taken = listOf(null, null)
        assertEquals(refused + taken + "stale", kitchen.refused(refused.size + taken.size + 1))
        assertNull(kitchen.call)
    }

    private fun sealedFor(phone: Phone, words: String): ByteArray =
        PushSender(phone.pushKeys).encrypt(words.toByteArray())

    private companion object {
        const val LARGEST = 4096

        /** The same, under another key's name. */
        fun bySomebodyElse(words: String): String {
            val said = Payload.read(Envelope.split(words).unverified())
            return Envelope.seal(PlatformKeyPair.generate(), said)
        }

        /** The same, but louder: under the station's name and signature. */
        fun altered(words: String): String {
            val (header, said, signature) = words.split('.')
            val text = checkNotNull(Base64Url.decode(said)).decodeToString()
            val louder = text.replace("\"ring_ms\":", "\"ring_ms\":9")
            check(louder != text) { text }
            return "$header.${Base64Url.encode(louder.toByteArray())}.$signature"
        }

        fun ByteArray.changedAt(place: Int) = clone().also { it[place] = (it[place] + 1).toByte() }
    }
}
