// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.JsonReader
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.json.written
import org.intercomd.phone.keys.Base64Url
import org.intercomd.phone.keys.KeyPair
import org.intercomd.phone.keys.PublicKey
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.words.Code

/** Signed messages: sealing, and opening with the checks in the order of the specification. */
object Envelope {
    const val LARGEST = 32 * 1024

    /** Before a context is confirmed. */
    const val LARGEST_UNCONFIRMED = 4 * 1024

    private val HEADER =
        Regex("""\{"alg":"ES256","typ":"icm\+jws","kid":"([A-Za-z0-9_-]{43})"\}""")

    fun seal(key: KeyPair, payload: Payload): String {
        val header = """{"alg":"ES256","typ":"icm+jws","kid":"${key.public.thumbprint}"}"""
        val signed =
            listOf(header, payload.json.written())
                .joinToString(".") { Base64Url.encode(it.toByteArray()) }
        return "$signed.${Base64Url.encode(key.sign(signed.toByteArray()))}"
    }

    /** The name of the key that signed, and what was signed; nothing is verified yet. */
    class Split internal constructor(
        val kid: Thumbprint,
        private val signed: ByteArray,
        private val payload: ByteArray,
        private val signature: ByteArray,
    ) {
        /** @throws Malformed */
        fun unverified(): Json = JsonReader.read(payload)

        /** Checks 3 to 7. @throws Refusal */
        fun open(sender: PublicKey, me: Thumbprint): Payload {
            if (kid != sender.thumbprint) throw Refusal(Code.UnknownKey)
            if (!sender.verifies(signed, signature)) throw Refusal(Code.BadSignature)
            val message = message()
            if (message.from != kid) throw Refusal(Code.BadPayload)
            if (message.to != me) throw Refusal(Code.WrongRecipient)
            return message
        }

        private fun message(): Payload = try {
            Payload.read(unverified())
        } catch (_: Malformed) {
            throw Refusal(Code.BadPayload)
        }
    }

    /** Checks 1 and 2. @throws Refusal */
    fun split(frame: String, largest: Int = LARGEST): Split {
        if (frame.length > largest || frame.toByteArray().size > largest) {
            throw Refusal(Code.TooLarge)
        }
        val parts = frame.split(".").map { Base64Url.decode(it) ?: throw Refusal(Code.BadHeader) }
        if (parts.size != 3) throw Refusal(Code.BadHeader)
        val (header, payload, signature) = parts
        // Byte by byte: what is not ASCII does not match.
        val kid = HEADER.matchEntire(header.toString(Charsets.ISO_8859_1))?.groupValues?.get(1)
        return Split(
            kid = kid?.let(Thumbprint::parse) ?: throw Refusal(Code.BadHeader),
            signed = frame.substringBeforeLast('.').toByteArray(),
            payload = payload,
            signature = signature,
        )
    }
}
