// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.Answer
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Closed
import org.intercomd.phone.link.message.Connect
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Handsets
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.push.PushSender
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.NoSession
import org.intercomd.phone.words.VideoCodec
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.seconds

/** What passes between a station, the ports, and the person. */
class LiveHandsetTest {
    private val cid = CallId(7)
    private val session = SessionNo(1)
    private val house = DoorName("house")
    private val server = StationServer()
    private val phone = TestPhone(server)

    @BeforeEach
    fun connect() {
        phone.live.start()
        phone.await("connected") { it.link.word == Link.Word.Connected }
    }

    @AfterEach
    fun close() {
        phone.close()
        server.close()
    }

    private fun ring() {
        val (lasts, media) = Json.Integer(45_000) to Json.Text("video")
        server.say("ring", "cid" to cid.json, "ring_ms" to lasts, "media" to media)
        phone.await("ringing") { it.calls.call?.rings == true }
    }

    private fun answer(t: String, answer: String, vararg members: Pair<String, Json?>) {
        server.station.answers[t] = { answer to Json.of(*members) }
    }

    private fun refuse(t: String, code: String) =
        answer(t, "error", "code" to Json.Text(code), "detail" to Json.Text(""))

    private fun awaitHeard(t: String) {
        phone.eventually("$t is heard") { server.heardOf(t).isNotEmpty() }
    }

    @Test
    fun `a ring wants a session, which passes between media and station`() {
        answer("connect", "ok")
        ring()
        assertTrue(phone.awaitTold<TestPhone.Followed>().call?.rings == true)
        assertEquals(cid, phone.awaitTold<TestPhone.Wanted>().cid)
        phone.reports.connect(Connect(cid, listOf(VideoCodec.Vp8), camera = false))
        awaitHeard("connect")
        server.say(
            "offer",
            "cid" to cid.json,
            "session" to session.json,
            "sdp" to Json.Text("v=0"),
            "ice" to Json.Items(emptyList()),
        )
        assertEquals(session, phone.awaitTold<Offer>().session)
        val ice = Ice(cid, session, 0, Candidate(""))
        server.say("ice", *ice.body.members.toList().toTypedArray())
        assertEquals(ice, phone.awaitTold<Ice>())
        phone.reports.answer(Answer(cid, session, Sdp("v=0")))
        phone.reports.candidate(ice)
        phone.reports.changed(cid, MediaState.Connected)
        phone.await("connected") { it.calls.call?.mediaState == MediaState.Connected }
        phone.reports.closed(Closed(cid, session, NoSession.IceFailed))
        listOf("answer", "ice", "closed").forEach(::awaitHeard)
        server.say("nudge", "cid" to cid.json)
        phone.awaitTold<TestPhone.RingOnce>()
    }

    @Test
    fun `media is told that there is no session, and when the call is over`() {
        refuse("connect", "rate_limited")
        ring()
        val connect = Connect(cid, listOf(VideoCodec.Vp8), camera = false)
        phone.reports.connect(connect)
        val refused = phone.awaitTold<TestPhone.Refused>()
        assertEquals(connect to Code.RateLimited, refused.connect to refused.error.code)
        val reason = Json.Text("cancelled")
        server.say("ended", "cid" to cid.json, "status" to reason, "reason" to reason)
        phone.awaitTold<TestPhone.Left>()
        phone.await("over") { it.calls.call == null && it.calls.story.size == 1 }
    }

    @Test
    fun `what the person wanted and did not get is explained`() {
        refuse("accept", "busy")
        ring()
        phone.live.press(Button.Answer)
        val explained = phone.awaitTold<TestPhone.Explained>()
        assertEquals(Accept(cid) to Code.Busy, explained.request to explained.error.code)
        phone.await("ringing again") { it.calls.call?.phase is Phase.Ringing }
    }

    @Test
    fun `answers to requests are told`() {
        answer("handsets", "ok", "handsets" to Json.Items(emptyList()))
        phone.live.request(Handsets)
        assertEquals(Handsets, phone.awaitTold<Pair<*, *>>().first)
    }

    @Test
    fun `a door is opened by whoever signs, and stays shut if nobody does`() {
        val nonce = "nonce" to Entropy.secure().nonce().json
        answer("challenge", "challenge_is", nonce, "lasts_ms" to Json.Integer(30_000))
        answer("action", "ok")
        phone.live.openDoor(house)
        phone.await("opened") { it.doors[house] is DoorProgress.Opened }
        phone.sleep(6.seconds)
        phone.await("told for long enough") { it.doors.isEmpty() }
        phone.agrees = false
        phone.live.openDoor(house)
        val refused =
            phone.await("refused") { it.doors[house] is DoorProgress.Refused }.doors[house]
        assertEquals(Code.Stopped, (refused as DoorProgress.Refused).error.code)
        assertEquals(1, server.heardOf("action").size)
    }

    @Test
    fun `a ring ends by the timer, without a word of the station`() {
        ring()
        server.isMute = true
        phone.sleep(45.seconds)
        phone.await("over") { it.calls.call == null }
        phone.awaitTold<TestPhone.Left>()
    }

    @Test
    fun `a push rings while the link is down, which then comes up`() {
        phone.live.stop()
        phone.await("stopped") { it.link.word == Link.Word.Stopped }
        val keys = PushKeys.generate(Entropy.secure())
        val ring = Json.of(
            "cid" to cid.json,
            "ring_ms" to Json.Integer(45_000),
            "media" to Json.Text("video"),
            "until" to Json.Integer(45),
        )
        val frame = synchronized(server.station) { server.station.sayApart("ring", ring) }
        val body = PushSender(keys).encrypt(frame.toByteArray())
        phone.live.pushed(body, keys, WallTime(0))
        phone.await("ringing") { it.calls.call?.rings == true && it.newestCall == cid }
        assertEquals(null, phone.awaitTold<TestPhone.PushCame>().refusal)
        phone.await("connected") { it.link.word == Link.Word.Connected }
        phone.live.pushed(body, PushKeys.generate(Entropy.secure()), WallTime(0))
        assertEquals(
            PushRefusal.BadEncryption,
            phone.awaitTold<TestPhone.PushCame>().refusal,
        )
    }

    @Test
    fun `a handset that is unpaired is told so`() {
        server.say("error", "code" to Json.Text("revoked"), "detail" to Json.Text(""))
        phone.awaitTold<TestPhone.Revoked>()
        phone.await("stopped") { it.link.word == Link.Word.Stopped }
    }
}
