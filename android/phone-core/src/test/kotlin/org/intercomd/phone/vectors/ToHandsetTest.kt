// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.vectors

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.Asked
import org.intercomd.phone.link.Context
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Payload
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.StationAnswer
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.link.message.fromStation
import org.intercomd.phone.pairing.Attempt
import org.intercomd.phone.pairing.Invitation
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Every frame of `tests/vectors/to_handset.json`, those too that a handset need not refuse. */
class ToHandsetTest {
    private val cases = Vectors.read("to_handset.json").each("cases")
    private val station = Vectors.publicKey("station")
    private val handset = Vectors.keyPair("handset_call")
    private val now = Moment(0)

    @TestFactory
    fun frames(): List<DynamicTest> = cases.map { case ->
        dynamicTest(case.text("name")) { assertEquals(case["expect"], outcome(case)) }
    }

    @Test
    fun `there are frames of every kind`() {
        val kinds = cases.groupingBy { it["doing"].asObject.text("does") }.eachCount()
        assertEquals(setOf("is_connected", "says_hello", "pairs"), kinds.keys)
        assertTrue(cases.size > 300, "${cases.size} cases")
    }

    private fun outcome(case: Json.Object): Json {
        val (doing, frame) = case["doing"].asObject to case.text("frame")
        return try {
            when (doing.text("does")) {
                "is_connected" -> whileConnected(frame, doing)
                "says_hello" -> whileGreeting(frame, doing)
                else -> whilePairing(frame, doing)
            }
        } catch (refusal: Refusal) {
            Json.of("refused" to Json.Text(refusal.code.word))
        }
    }

    private fun whileConnected(frame: String, doing: Json.Object): Json {
        val context = Context(doing.text("sx"))
        for (seq in 1..doing.number("heard")) context.received(numbered(context.sx, seq), now)
        val message = opened(frame)
        return when (context.received(message, now)) {
            Context.Freshness.Stale -> throw Refusal(Code.Stale)
            Context.Freshness.Seen -> Json.of("repeated" to Json.Flag(true))
            Context.Freshness.New -> ok(message).also { fromStation(message.t, message.b) }
        }
    }

    private fun whileGreeting(frame: String, doing: Json.Object): Json {
        val (mid, nonce) = Mid.read(doing["mid"].here) to Nonce.read(doing["n_h"].here)
        val message = opened(frame)
        StationAnswer.read(message, Asked(mid, nonce, Srv.read(doing["srv"].here)), now)
        return ok(message)
    }

    private fun whilePairing(frame: String, doing: Json.Object): Json {
        val invitation =
            Invitation(
                name = "",
                key = Thumbprint.read(doing["station"].here),
                pin = Srv(null),
                at = emptyList(),
                token = Token.read(doing["token"].here),
            )
        val label = checkNotNull(Label.parse("Kitchen"))
        val action = Vectors.keyPair("handset_action")
        val attempt = Attempt(invitation, Mid.read(doing["mid"].here), label, handset, action)
        attempt.read(frame)
        return ok(attempt.open(frame))
    }

    private fun opened(frame: String): Payload =
        Envelope.split(frame).open(station, handset.public.thumbprint)

    private fun ok(message: Payload): Json = Json.of("ok" to message.json)

    private fun numbered(sx: String, seq: Long): Payload {
        val me = station.thumbprint
        val mid = Mid.of(ByteArray(16))
        return Payload(mid, me, handset.public.thumbprint, sx, seq, 0, null, "ok", Json.of())
    }
}
