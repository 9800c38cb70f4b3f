// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.push

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.keys.Thumbprint
import org.intercomd.phone.link.Envelope
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.Payload
import org.intercomd.phone.link.Refusal
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Ended
import org.intercomd.phone.link.message.PushedRing
import org.intercomd.phone.link.message.Ring
import org.intercomd.phone.link.message.fromStation
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import kotlin.time.Duration.Companion.seconds

/** What a push says, or why it is not heard: each check on something wrong by that alone. */
class ReadPushTest {
    private val entropy = Entropy.secure()
    private val keys = PushKeys.generate(entropy)
    private val station = Vectors.keyPair("station")
    private val handset = Vectors.keyPair("handset_call")
    private val parties = Parties(handset, station.public, "test")

    private val ended =
        Json.of(
            "cid" to Json.Integer(7),
            "status" to Json.Text("elsewhere"),
            "reason" to Json.Text("elsewhere"),
            "answered_by" to Json.Text("Kitchen"),
        )
    private val ring =
        Json.of(
            "cid" to Json.Integer(7),
            "ring_ms" to Json.Integer(45_000),
            "media" to Json.Text("video"),
        )
    private val pushedRing = Json.Object(ring.members + ("until" to Json.Integer(1_900_000_000)))

    private fun payload(t: String, b: Json.Object) = Payload(
        entropy.mid(),
        station.public.thumbprint,
        handset.public.thumbprint,
        sx = "",
        seq = 0,
        ack = 0,
        re = null,
        t = t,
        b = b,
    )

    private fun body(payload: Payload, key: PlatformKeyPair = station) =
        body(Envelope.seal(key, payload))

    private fun body(frame: String) = PushSender(keys).encrypt(frame.toByteArray())

    private fun refusal(body: ByteArray) =
        assertThrows<PushRefused> { readPush(body, keys, parties) }.why

    @Test
    fun `a ring and an end are read`() {
        val told = Ring(CallId(7), null, 45.seconds, Media.Video)
        assertEquals(
            PushedRing(told, WallTime(1_900_000_000_000)),
            readPush(body(payload("ring", pushedRing)), keys, parties),
        )
        assertEquals(
            Ended(CallId(7), Status.Elsewhere, Reason.Elsewhere, "Kitchen"),
            readPush(body(payload("ended", ended)), keys, parties),
        )
    }

    @Test
    fun `what is no push for these keys is refused`() {
        assertEquals(PushRefusal.TooLarge, refusal(ByteArray(4097)))
        assertEquals(PushRefusal.BadEncryption, refusal(ByteArray(4096)))
        val others = PushSender(PushKeys.generate(entropy)).encrypt(ByteArray(1))
        assertEquals(PushRefusal.BadEncryption, refusal(others))
    }

    @Test
    fun `what the station did not sign for this handset is refused`() {
        val sound = payload("ended", ended)
        assertEquals(PushRefusal.BadHeader, refusal(body("no envelope")))
        val stranger = Vectors.keyPair("handset_action")
        assertEquals(PushRefusal.UnknownKey, refusal(body(sound, stranger)))
        val frame = Envelope.seal(station, sound)
        val other = Envelope.seal(station, sound.copy(mid = entropy.mid()))
        val mixed = frame.substringBeforeLast('.') + "." + other.substringAfterLast('.')
        assertEquals(PushRefusal.BadSignature, refusal(body(mixed)))
        val asOther = sound.copy(from = stranger.public.thumbprint)
        assertEquals(PushRefusal.BadPayload, refusal(body(asOther)))
        val toOther = sound.copy(to = Thumbprint.of(ByteArray(32)))
        assertEquals(PushRefusal.WrongRecipient, refusal(body(toOther)))
    }

    @Test
    fun `what was said over a link is no push`() {
        val sound = payload("ended", ended)
        val linked =
            listOf(
                sound.copy(sx = "c"),
                sound.copy(seq = 1),
                sound.copy(ack = 1),
                sound.copy(re = Mid.of(ByteArray(16))),
            )
        for (payload in linked) assertEquals(PushRefusal.Stale, refusal(body(payload)))
    }

    @Test
    fun `what a push does not say is refused`() {
        val nudge = Json.of("cid" to Json.Integer(7))
        assertEquals(PushRefusal.UnknownMessage, refusal(body(payload("nudge", nudge))))
        assertEquals(PushRefusal.BadBody, refusal(body(payload("ring", ring))))
        val more = Json.Object(pushedRing.members + ("more" to Json.Integer(1)))
        assertEquals(PushRefusal.BadBody, refusal(body(payload("ring", more))))
    }

    @Test
    fun `what only a push says is refused on a link`() {
        val refused = assertThrows<Refusal> { fromStation("ring", pushedRing) }
        assertEquals(Code.BadBody, refused.code)
    }
}
