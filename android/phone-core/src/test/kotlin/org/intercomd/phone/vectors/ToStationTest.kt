// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.vectors

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.Malformed
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Mac
import org.intercomd.phone.keys.Nonce
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Payload
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.Ack
import org.intercomd.phone.link.message.Action
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.Busy
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Challenge
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.Dial
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.FromHandset
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Handsets
import org.intercomd.phone.link.message.HangUp
import org.intercomd.phone.link.message.Hello
import org.intercomd.phone.link.message.Hold
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.OpenPairing
import org.intercomd.phone.link.message.Pair
import org.intercomd.phone.link.message.PushUnregister
import org.intercomd.phone.link.message.Reject
import org.intercomd.phone.link.message.Resume
import org.intercomd.phone.link.message.Revoke
import org.intercomd.phone.link.message.Ringing
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.words.DialKind
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.NoSession
import org.intercomd.phone.words.Right
import org.intercomd.phone.words.VideoCodec
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** `tests/vectors/to_station.json`: what this handset says is what a station takes. */
class ToStationTest {
    private val taken: List<Payload> =
        Vectors.read("to_station.json").each("cases")
            .filter { it["expect"].asObject["refused"] in WELL_FORMED }
            .mapNotNull { payload(it.text("frame")) }

    private val keys = Vectors.publicKey("handset_call") to Vectors.publicKey("handset_action")
    private val cid = CallId(7)
    private val session = SessionNo(1)
    private val doors = listOf(DoorName("house"))
    private val nonce = Nonce.of(ByteArray(16))
    private val mac = Mac.of(ByteArray(32))
    private val label = checkNotNull(Label.parse("Kitchen"))

    private val said: List<FromHandset> =
        listOf(
            Hello(nonce, Srv(null), "test"),
            Pair(label, keys.first, keys.second, Srv(null), mac),
            Resume,
            Ringing(cid),
            Busy(cid),
            Connect(cid, VideoCodec.entries, camera = false),
            Answer(cid, session, Sdp("v=0")),
            Ice(cid, session, 0, Candidate("")),
            Closed(cid, session, NoSession.NoUserMedia),
            Accept(cid),
            Reject(cid),
            HangUp(cid),
            Hold(cid, on = true),
            Dial(DialKind.Talk, Media.Video),
            Challenge(doors[0]),
            Action(doors[0], nonce, ByteArray(64)),
            OpenPairing(listOf(Right.Answer), doors),
            Handsets,
            Revoke(HandsetId("h0123456789")),
            PushKeys.generate(Entropy.secure()).register("https://push.example/a"),
            PushUnregister,
            Ack,
        )

    @Test
    fun `all that a station takes can be said, and nothing else`() {
        assertEquals(taken.map { it.t }.toSet(), said.map { it.t }.toSet())
    }

    @Test
    fun `what is said has the members that a station takes, and they are of its kinds`() {
        for (message in said) {
            val theirs = taken.filter { it.t == message.t }.map { it.b.shape }
            assertTrue(message.body.shape in theirs, "${message.t}: ${message.body} in $theirs")
        }
    }

    @Test
    fun `a message that is sealed again opens as it was`() {
        val (handset, station) = Vectors.keyPair("handset_call") to Vectors.publicKey("station")
        for (payload in taken.filter { it.from == handset.public.thumbprint }) {
            val mine = payload.copy(to = station.thumbprint)
            val split = Envelope.split(Envelope.seal(handset, mine))
            assertEquals(mine, split.open(handset.public, station.thumbprint))
        }
    }

    private fun payload(frame: String): Payload? = try {
        Payload.read(Envelope.split(frame).unverified())
    } catch (_: Refusal) {
        null
    } catch (_: Malformed) {
        null
    }

    private val Json.Object.shape: Map<String, Any>
        get() = members.mapValues { (_, value) -> value::class }

    private companion object {
        /** Taken, or refused for want of a right alone. */
        val WELL_FORMED = setOf(null, Json.Text("not_allowed"))
    }
}
