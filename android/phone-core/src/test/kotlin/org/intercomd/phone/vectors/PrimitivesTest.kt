// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.vectors

import org.intercomd.phone.door.openText
import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.Proofs
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.pairing.Invitation
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** `tests/vectors/primitives.json`, list by list. */
class PrimitivesTest {
    private val lists = Vectors.read("primitives.json")

    private fun each(list: String, check: (Json.Object) -> Unit) {
        assertEquals(true, lists.each(list).isNotEmpty(), list)
        lists.each(list).forEach(check)
    }

    @Test
    fun `every list has its test`() {
        val told =
            setOf(
                "base64url",
                "thumbprint",
                "context",
                "pair_mac",
                "paired_mac",
                "invitation",
                "open",
                "signature",
            )
        assertEquals(told, lists.members.keys - "about")
    }

    @Test
    fun `keys have their names`() {
        for (name in Vectors.keyNames) {
            assertEquals(Vectors.thumbprint(name), Vectors.publicKey(name).thumbprint.text)
        }
    }

    @Test
    fun `base64url is read in its one canonical spelling only`() = each("base64url") { case ->
        val bytes = Base64Url.decode(case.text("text"))
        val expected = case["hex"]?.let { case.text("hex") }
        assertEquals(expected, bytes?.hex, case.text("text"))
        if (bytes != null) assertEquals(case.text("text"), Base64Url.encode(bytes))
    }

    @Test
    fun `thumbprints are those of the vectors`() = each("thumbprint") { case ->
        val key = PublicKey.read(case["jwk"].here)
        assertEquals(case.text("thumbprint"), key.thumbprint.text)
        assertEquals(case["jwk"], key.jwk)
    }

    @Test
    fun `contexts follow from both nonces`() = each("context") { case ->
        val (mine, theirs) = Nonce.read(case["n_h"].here) to Nonce.read(case["n_d"].here)
        assertEquals(case.text("sx"), Proofs.context(mine, theirs))
    }

    @Test
    fun `a handset proves the token by the MACs of the vectors`() = each("pair_mac") { case ->
        val mac =
            Proofs.claim(
                Token.read(case["token"].here),
                case.thumbprint("station"),
                case.thumbprint("call"),
                case.thumbprint("action"),
                Srv.read(case["srv"].here),
            )
        assertEquals(case.text("mac"), mac.text)
    }

    @Test
    fun `a station proves the token by the MACs of the vectors`() = each("paired_mac") { case ->
        val mac =
            Proofs.confirmation(
                Token.read(case["token"].here),
                case.thumbprint("station"),
                case.thumbprint("call"),
                HandsetId.read(case["handset"].here),
            )
        assertEquals(case.text("mac"), mac.text)
    }

    @Test
    fun `pairing links hold what the vectors say, or are none`() = each("invitation") { case ->
        val read = Invitation.read(case.text("link"))
        val told = case["invitation"]?.asObject
        if (told == null) {
            assertNull(read, case.text("link"))
        } else {
            val expected =
                Invitation(
                    told.text("name"),
                    told.thumbprint("key"),
                    Srv.read(told["pin"].here),
                    told["at"].asItems.map { (it as Json.Text).text },
                    Token.read(told["token"].here),
                )
            assertEquals(expected, read)
        }
    }

    @Test
    fun `what the action key signs for a door is what the vectors say`() = each("open") { case ->
        val cid = case.text("cid").takeIf { it != "-" }?.let { CallId(it.toLong()) }
        val text =
            openText(
                case.thumbprint("station"),
                case.thumbprint("handset"),
                DoorName.read(case["door"].here),
                cid,
                Nonce.read(case["nonce"].here),
            )
        assertEquals(case.text("text"), text.hex)
    }

    @Test
    fun `signatures are good where the vectors say so`() = each("signature") { case ->
        val key = Vectors.publicKey(case.text("key"))
        val isGood = key.verifies(case.text("text").toByteArray(), case.bytes("sig"))
        assertEquals((case["good"] as Json.Flag).on, isGood, case.text("sig"))
    }

    @Test
    fun `what a key of ours signs is good`() {
        for (name in Vectors.keyNames) {
            val pair = Vectors.keyPair(name)
            // Often enough for numbers with leading zeros.
            repeat(40) { n ->
                val text = byteArrayOf(n.toByte())
                assertEquals(true, pair.public.verifies(text, pair.sign(text)), name)
            }
        }
    }

    @Test
    fun `a point that is not on the curve is no key`() {
        val jwk = Vectors.publicKey("station").jwk
        val other = Vectors.publicKey("handset_call").jwk
        val mixed = Json.Object(jwk.members + ("y" to other["y"].here))
        assertThrows<Malformed> { PublicKey.read(mixed) }
    }
}

private val ByteArray.hex: String
    get() = joinToString("") { "%02x".format(it) }

private fun Json.Object.thumbprint(name: String) = Thumbprint.read(this[name].here)
