// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.handset

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Effect
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.Connection
import org.intercomd.phone.link.Parties
import org.intercomd.phone.link.ScriptedStation
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.random.Random
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** A whole handset and a station that says what the test tells it to say. */
class HandsetTest {
    private val cid = "cid" to Json.Integer(7)
    private val station = ScriptedStation()
    private val handset =
        Handset(
            Parties(Vectors.keyPair("handset_call"), Vectors.publicKey("station"), "test"),
            listOf("a:1"),
            Entropy.secure(),
            Random(1),
        )
    private val action = Vectors.keyPair("handset_action")
    private var now = Moment(0)
    private var socket = 0
    private var isStationThere = true
    private val done = mutableListOf<Effect>()
    private var revoked = 0

    private fun act(act: Handset.() -> Unit) {
        handset.act()
        while (true) take(handset.poll() ?: break)
    }

    private fun take(output: Handset.Output) {
        when (output) {
            is Handset.Output.ToLink -> link(output.output)

            is Handset.Output.ToPhone -> done += output.effect

            is Handset.Output.SignForDoor ->
                handset.signedForDoor(output.door, action.sign(output.text), now)

            is Handset.Output.Answered, is Handset.Output.Pushed -> Unit

            Handset.Output.Changed -> Unit

            Handset.Output.Revoked -> revoked += 1
        }
    }

    private fun link(output: Connection.Output) {
        if (output is Connection.Output.Dial) socket = output.socket
        if (output !is Connection.Output.Send || !isStationThere) return
        for (frame in station.receive(output.frame, now)) handset.received(socket, frame, now)
    }

    private fun say(t: String, vararg members: Pair<String, Json?>) {
        val frame = station.say(t, Json.of(*members))
        act { received(socket, frame, now) }
    }

    private fun pass(duration: Duration) {
        val end = now + duration
        while (true) {
            val due = handset.due()?.takeIf { it <= end } ?: break
            now = maxOf(now, due)
            act { tick(now) }
        }
        now = end
    }

    private fun connect() {
        act { start(now) }
        act { opened(socket, Srv(null), now) }
    }

    private fun ring() = say(
        "ring",
        cid,
        "ring_ms" to Json.Integer(45_000),
        "media" to Json.Text("video"),
    )

    private fun call(status: String) = Json.of(
        cid,
        "status" to Json.Text(status),
        "direction" to Json.Text("outgoing"),
        "media" to Json.Text("video"),
        "monitor" to Json.Flag(false),
    )

    private fun talk() {
        connect()
        station.answers["accept"] = { "ok" to Json.of() }
        ring()
        act { pressed(Button.Answer, now) }
        say("selected", cid)
        act { mediaChanged(CallId(7), MediaState.Connected, now) }
        say("state_is", *ScriptedStation.standing(call("ongoing")).members.toList().toTypedArray())
    }

    @Test
    fun `a call from the ring to its end`() {
        talk()
        assertEquals(Phase.Ongoing, handset.calls.call?.phase)
        assertEquals(
            listOf("ringing", "accept"),
            station.heard.map { it.t }.filter {
                it in
                    setOf("ringing", "accept")
            },
        )
        station.answers["hangup"] = { "ok" to Json.of() }
        pass(5.seconds)
        act { pressed(Button.HangUp, now) }
        assertNull(handset.calls.call)
        assertEquals(Status.Ended, handset.calls.story.single().ending.status)
        assertEquals(5.seconds, handset.calls.story.single().lasted)
        val want = Effect.WantSession(CallId(7))
        assertEquals(listOf(want, want, Effect.Leave), done)
    }

    @Test
    fun `an answer that was lost with the connection is heard on the next one`() {
        connect()
        pass(6.seconds)
        ring()
        isStationThere = false
        act { pressed(Button.Answer, now) }
        isStationThere = true
        station.answers["accept"] = { "ok" to Json.of() }
        station.standing = ScriptedStation.standing(call("ringing"))
        act { closed(socket, "", now) }
        pass(1.milliseconds)
        act { opened(socket, Srv(null), now) }
        assertEquals(Phase.Connecting, handset.calls.call?.phase)
        assertEquals(1, station.heardOf("accept").size)
    }

    @Test
    fun `a ring stops by itself while the station is away`() {
        connect()
        ring()
        isStationThere = false
        pass(45.seconds - 1.milliseconds)
        assertTrue(handset.calls.call?.rings == true)
        pass(1.milliseconds)
        assertNull(handset.calls.call)
        assertEquals(Status.Missed, handset.calls.story.single().ending.status)
    }

    @Test
    fun `a ring that the station ended while it was away is not rung on`() {
        connect()
        pass(6.seconds)
        ring()
        act { closed(socket, "", now) }
        assertTrue(handset.calls.call?.rings == true)
        pass(1.milliseconds)
        act { opened(socket, Srv(null), now) }
        assertNull(handset.calls.call)
    }

    @Test
    fun `a call whose station is gone ends ten seconds after link and media were lost`() {
        talk()
        isStationThere = false
        act { closed(socket, "", now) }
        pass(30.seconds)
        assertEquals(Phase.Ongoing, handset.calls.call?.phase)
        act { mediaChanged(CallId(7), MediaState.Lost, now) }
        pass(10.seconds - 1.milliseconds)
        assertEquals(Phase.Ongoing, handset.calls.call?.phase)
        pass(1.milliseconds)
        assertNull(handset.calls.call)
        assertEquals(Effect.Leave, done.last())
    }

    @Test
    fun `a door is opened by what the action key signs`() {
        connect()
        val nonce = Entropy.secure().nonce()
        station.answers["challenge"] =
            { "challenge_is" to Json.of("nonce" to nonce.json, "lasts_ms" to Json.Integer(30_000)) }
        station.answers["action"] = { "ok" to Json.of() }
        val house = DoorName("house")
        act { openDoor(house, now) }
        assertTrue(handset.doorProgress[house] is DoorProgress.Opened)
        assertEquals(nonce.json, station.heardOf("action").single().b["nonce"])
        pass(6.seconds)
        assertNull(handset.doorProgress[house])
    }

    @Test
    fun `a handset that is unpaired in the middle of a call is out of it at once, and silent`() {
        talk()
        say("error", "code" to Json.Text("revoked"), "detail" to Json.Text(""))
        assertEquals(1, revoked)
        assertNull(handset.calls.call)
        assertEquals(Reason.Revoked, handset.calls.story.single().ending.reason)
        assertEquals(Effect.Leave, done.last())
        val said = station.heard.size
        pass(60.seconds)
        assertEquals(said, station.heard.size)
    }
}
