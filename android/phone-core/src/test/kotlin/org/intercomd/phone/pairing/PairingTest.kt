// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.pairing

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Payload
import org.intercomd.phone.link.Proofs
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

class PairingTest {
    private val station = Vectors.keyPair("station")
    private val call = Vectors.keyPair("handset_call")
    private val entropy = Entropy.secure()
    private val token = Token.of(ByteArray(16) { 5 })
    private val pin = Pin.of(ByteArray(32))
    private val invitation =
        Invitation(
            "Front door",
            station.public.thumbprint,
            Srv(pin),
            listOf("a:1", "b:2"),
            token,
        )
    private val attempt =
        Attempt(
            invitation,
            entropy.mid(),
            checkNotNull(Label.parse("Kitchen")),
            call,
            Vectors.keyPair("handset_action"),
        )
    private var now = Moment(0)
    private val pairing = Pairing(attempt, now)
    private val output = mutableListOf<Pairing.Output>()
    private val sent
        get() = output.filterIsInstance<Pairing.Output.Send>().map { it.frame }
    private val dialled
        get() = output.filterIsInstance<Pairing.Output.Dial>().map { it.address }
    private val failure
        get() = (output.last() as? Pairing.Output.NotPaired)?.error?.code

    private fun act(act: Pairing.() -> Unit = {}) {
        pairing.act()
        while (true) output += pairing.poll() ?: break
    }

    private fun pass(duration: Duration) {
        val end = now + duration
        while (true) {
            val due = pairing.due()?.takeIf { it <= end } ?: break
            now = due
            act { tick(now) }
        }
        now = end
    }

    @Test
    fun `the first address that works is paired with`() {
        act()
        assertEquals(listOf("a:1"), dialled)
        act { closed(1, now) }
        assertEquals(listOf("a:1", "b:2"), dialled)
        act { opened(2, Srv(pin), now) }
        act { received(2, pairOk(token)) }
        val paired = output.last() as Pairing.Output.Paired
        assertEquals(HandsetId("h0123456789"), paired.answer.handset)
        assertEquals(2, paired.socket)
        assertNull(pairing.due())
    }

    @Test
    fun `what is said proves the token, the keys and the pin that was seen`() {
        act { opened(1, Srv(pin), now) }
        val payload = Envelope.split(sent.single()).open(call.public, station.public.thumbprint)
        val action = Vectors.publicKey("handset_action").thumbprint
        val mac =
            Proofs.claim(
                token,
                station.public.thumbprint,
                call.public.thumbprint,
                action,
                Srv(pin),
            )
        assertEquals(mac.json, payload.b["mac"])
        assertEquals(pin.json, payload.b["srv"])
        assertEquals(listOf("pair", "", 0L), listOf(payload.t, payload.sx, payload.seq))
    }

    @Test
    fun `another TLS key than the one of the code is not spoken to`() {
        act { opened(1, Srv(Pin.of(ByteArray(32) { 1 })), now) }
        assertEquals(Code.WrongRecipient, failure)
        assertEquals(emptyList<String>(), sent)
    }

    @Test
    fun `what was said is repeated byte for byte, and given up in the end`() {
        act { opened(1, Srv(pin), now) }
        pass(7.seconds)
        assertEquals(4, sent.size)
        assertEquals(1, sent.distinct().size)
        pass(3.seconds)
        assertNull(failure)
        pass(1.seconds)
        assertEquals(Code.NoAnswer, failure)
    }

    @Test
    fun `a station that does not know the token is not believed`() {
        act { opened(1, Srv(pin), now) }
        act { received(1, pairOk(Token.of(ByteArray(16)))) }
        assertEquals(Code.BadToken, failure)
    }

    @Test
    fun `a station that says no says why`() {
        act { opened(1, Srv(pin), now) }
        val b =
            Json.of(
                "code" to Json.Text("pairing_closed"),
                "detail" to Json.Text(""),
                "key" to station.public.jwk,
            )
        act { received(1, sealed("error", b)) }
        assertEquals(Code.PairingClosed, failure)
    }

    @Test
    fun `where no address answers, that is said`() {
        pass(20.seconds)
        assertEquals(listOf("a:1", "b:2"), dialled)
        assertEquals(Code.Unavailable, failure)
    }

    @Test
    fun `whoever stops it hears no more`() {
        act { opened(1, Srv(pin), now) }
        act { stop() }
        assertEquals(Code.Stopped, failure)
        act { received(1, pairOk(token)) }
        pass(60.seconds)
        assertEquals(Code.Stopped, failure)
    }

    private fun pairOk(token: Token): String {
        val id = HandsetId("h0123456789")
        val mac = Proofs.confirmation(token, station.public.thumbprint, call.public.thumbprint, id)
        return sealed(
            "pair_ok",
            Json.of(
                "key" to station.public.jwk,
                "handset" to Json.Text(id.text),
                "label" to Json.Text("Kitchen"),
                "rights" to Json.texts(listOf("answer")),
                "doors" to Json.texts(listOf("house")),
                "mac" to mac.json,
            ),
        )
    }

    private fun sealed(t: String, b: Json.Object): String {
        val (from, to) = station.public.thumbprint to call.public.thumbprint
        return Envelope.seal(
            station,
            Payload(entropy.mid(), from, to, "", 0, 0, attempt.mid, t, b),
        )
    }
}
