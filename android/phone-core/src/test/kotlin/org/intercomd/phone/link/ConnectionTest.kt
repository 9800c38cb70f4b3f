// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.link

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Mid
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.link.Bench.Companion.A_WHILE
import org.intercomd.phone.link.Bench.Companion.INSTANT
import org.intercomd.phone.link.message.Accept
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.Nudge
import org.intercomd.phone.link.message.Ringing
import org.intercomd.phone.link.message.SessionNo
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class ConnectionTest {
    private val cid = CallId(7)
    private val cidMember = "cid" to cid.json
    private val pin = Pin.of(ByteArray(32))

    @Test
    fun `a connection says hello, confirms the context and learns how things stand`() {
        val bench = Bench.connected()
        assertEquals(listOf(Link.Word.Connecting, Link.Word.Connected), bench.links)
        assertEquals(
            listOf("hello" to 0L, "resume" to 1L),
            bench.station.heard.map {
                it.t to it.seq
            },
        )
        assertTrue(bench.said.single() is StateIs)
    }

    @Test
    fun `the socket of a pairing goes on as a connection`() {
        val bench = Bench()
        bench.socket = 3
        bench.act { startOnOpenSocket(3, Srv(null), bench.now) }
        assertEquals(listOf(Link.Word.Connecting, Link.Word.Connected), bench.links)
        bench.fail()
        bench.pass(INSTANT)
        assertEquals(4, bench.socket)
    }

    @Test
    fun `a station that has another TLS key than the one seen is somebody else`() {
        val bench = Bench()
        bench.act { start(bench.now) }
        bench.station.pin = ""
        bench.open(Srv(pin))
        assertEquals(listOf(1), bench.closed)
        assertEquals(emptyList<Any>(), bench.said)
        bench.station.pin = pin.text
        bench.pass(2.seconds)
        bench.open(Srv(pin))
        assertEquals(Link.Word.Connected, bench.links.last())
    }

    @Test
    fun `what was received is acknowledged within half a second, once`() {
        val bench = Bench.connected()
        bench.pass(499.milliseconds)
        assertEquals(0, bench.station.heardOf("ack").size)
        bench.pass(1.milliseconds)
        assertEquals(listOf(0L to 2L), bench.station.heardOf("ack").map { it.seq to it.ack })
        bench.pass(5.seconds)
        assertEquals(1, bench.station.heardOf("ack").size)
    }

    @Test
    fun `a message is repeated byte for byte until it is acknowledged`() {
        val bench = Bench.connected()
        bench.act { notify(Ringing(cid), bench.now) }
        val frame = bench.sent.last()
        val times = mutableListOf<Long>()
        repeat(90) {
            val before = bench.sent.count { it == frame }
            bench.pass(100.milliseconds)
            if (bench.sent.count { it == frame } > before) times += bench.now.millis
        }
        assertEquals(listOf(1_000L, 3_000L, 7_000L), times)
        bench.say("ack")
        bench.pass(8.seconds)
        assertEquals(4, bench.station.heardOf("ringing").size)
    }

    @Test
    fun `ten seconds without an acknowledgement end the connection, and another is made`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.act { notify(Ringing(cid), bench.now) }
        bench.pass(10.seconds - INSTANT)
        assertEquals(emptyList<Int>(), bench.closed)
        bench.pass(INSTANT)
        assertEquals(listOf(1), bench.closed)
        assertEquals(2, bench.dialled.size)
    }

    @Test
    fun `a request is answered by the message that names it`() {
        val bench = Bench.connected()
        bench.station.answers["accept"] = { b ->
            if (b["cid"] == cid.json) {
                "ok" to Json.of()
            } else {
                "error" to
                    Json.of(
                        "code" to Json.Text("answered"),
                        "detail" to Json.Text(""),
                        "answered_by" to Json.Text("Hall"),
                    )
            }
        }
        bench.act { request(Accept(cid), bench.now) }
        bench.act { request(Accept(CallId(8)), bench.now) }
        val expected =
            listOf(
                Accept(cid) to Done(),
                Accept(CallId(8)) to Failed(Code.Answered, answeredBy = "Hall"),
            )
        assertEquals(expected, bench.answered)
    }

    @Test
    fun `a request without an answer is given up after ten seconds`() {
        val bench = Bench.connected()
        bench.act { request(Accept(cid), bench.now) }
        bench.pass(10.seconds - INSTANT)
        assertEquals(0, bench.answered.size)
        bench.pass(INSTANT)
        assertEquals(listOf(Accept(cid) to Failed(Code.NoAnswer)), bench.answered)
    }

    @Test
    fun `a request that was lost with its connection goes out again under its old name`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.act { request(Accept(cid), bench.now) }
        bench.station.answers["accept"] = { "ok" to Json.of() }
        bench.fail()
        bench.pass(INSTANT)
        bench.open()
        val (first, second) = bench.station.heardOf("accept")
        assertEquals(first.mid, second.mid)
        assertNotEquals(first.sx, second.sx)
        assertEquals(listOf(Accept(cid) to Done()), bench.answered)
    }

    @Test
    fun `notices go out again, but those that were acknowledged or are obsolete`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.act { notify(Ringing(cid), bench.now) }
        bench.say("ack")
        val ice = Ice(cid, SessionNo(1), 0, Candidate(""))
        bench.act { notify(ice, bench.now) }
        bench.act { notify(Ringing(CallId(8)), bench.now) }
        bench.act { forget { it is Ice } }
        bench.fail()
        bench.pass(INSTANT)
        bench.open()
        val heard = bench.station.heard.filter { it.t in setOf("ringing", "ice") }
        assertEquals(listOf("ringing", "ice", "ringing", "ringing"), heard.map { it.t })
        assertEquals(CallId(8).json, heard.last().b["cid"])
    }

    @Test
    fun `pauses grow to half a minute, and waking up ends them`() {
        val bench = Bench()
        bench.act { start(bench.now) }
        val pauses =
            List(8) {
                bench.fail()
                val began = bench.now
                val count = bench.dialled.size
                while (bench.dialled.size == count) bench.pass(100.milliseconds)
                bench.now.since(began).inWholeSeconds
            }
        assertEquals(listOf<Long>(1, 2, 4, 8, 16, 30, 30, 30), pauses)
        bench.fail()
        bench.act { wake(bench.now) }
        assertEquals(10, bench.dialled.size)
    }

    @Test
    fun `chance takes up to half of each pause`() {
        val bench = Bench(random = Bench.SOONEST)
        bench.act { start(bench.now) }
        bench.fail()
        bench.pass(499.milliseconds)
        assertEquals(1, bench.dialled.size)
        bench.pass(INSTANT)
        assertEquals(2, bench.dialled.size)
    }

    @Test
    fun `every address is tried before the first pause, and the one that works is kept`() {
        val bench = Bench(addresses = listOf("a:1", "b:2", "c:3"))
        bench.act { start(bench.now) }
        bench.fail()
        assertEquals(listOf("a:1", "b:2"), bench.dialled)
        bench.open()
        bench.pass(A_WHILE)
        bench.fail()
        bench.pass(INSTANT)
        assertEquals(listOf("a:1", "b:2", "b:2"), bench.dialled)
        bench.fail()
        bench.fail()
        assertEquals(listOf("c:3", "a:1"), bench.dialled.takeLast(2))
        bench.fail()
        assertEquals(5, bench.dialled.size)
        bench.pass(1.seconds)
        assertEquals("b:2", bench.dialled.last())
    }

    @Test
    fun `an address that does not answer is left after ten seconds`() {
        val bench = Bench(addresses = listOf("a:1", "b:2"))
        bench.act { start(bench.now) }
        bench.pass(10.seconds)
        assertEquals(listOf("a:1", "b:2"), bench.dialled)
        assertEquals(listOf(1), bench.closed)
    }

    @Test
    fun `a connection that is taken away at once is not made again at once`() {
        val bench = Bench.connected()
        bench.fail()
        bench.pass(1.seconds - INSTANT)
        assertEquals(1, bench.dialled.size)
        bench.pass(INSTANT)
        assertEquals(2, bench.dialled.size)
    }

    @Test
    fun `without a network nothing is dialled, and with one again at once`() {
        val bench = Bench.connected()
        bench.act { networkChanged(false, bench.now) }
        bench.fail()
        bench.pass(10.minutes)
        assertEquals(1, bench.dialled.size)
        assertEquals(null, bench.connection.due())
        bench.act { networkChanged(true, bench.now) }
        assertEquals(2, bench.dialled.size)
    }

    @Test
    fun `without a network a silent connection is given up within three seconds`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.isStationThere = false
        bench.act { networkChanged(false, bench.now) }
        bench.pass(3.seconds - INSTANT)
        assertEquals(emptyList<Int>(), bench.closed)
        bench.pass(INSTANT)
        assertEquals(listOf(1), bench.closed)
        assertEquals(Link.Word.Lost, bench.links.last())
        assertEquals(1, bench.dialled.size)
    }

    @Test
    fun `a network that comes back soon, or was none that the station needs, ends nothing`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.act { networkChanged(false, bench.now) }
        bench.pass(A_WHILE)
        bench.isStationThere = false
        bench.act { networkChanged(false, bench.now) }
        bench.pass(500.milliseconds)
        bench.isStationThere = true
        bench.act { networkChanged(true, bench.now) }
        bench.pass(A_WHILE)
        assertEquals(emptyList<Int>(), bench.closed)
        assertEquals(Link.Word.Connected, bench.links.last())
    }

    @Test
    fun `what was begun on the old network is not waited for on the new one`() {
        val bench = Bench()
        bench.act { start(bench.now) }
        bench.act { networkChanged(true, bench.now) }
        assertEquals(listOf(1), bench.closed)
        assertEquals(2, bench.dialled.size)
        bench.act { opened(1, Srv(null), bench.now) }
        assertEquals(emptyList<String>(), bench.sent)
    }

    @Test
    fun `after a change of the network a silent connection is given up within three seconds`() {
        val bench = Bench.connected()
        bench.pass(A_WHILE)
        bench.isStationThere = false
        bench.act { networkChanged(true, bench.now) }
        bench.pass(3.seconds - INSTANT)
        assertEquals(emptyList<Int>(), bench.closed)
        bench.pass(INSTANT)
        assertEquals(listOf(1), bench.closed)
    }

    @Test
    fun `twenty silent seconds are answered by a question, and silence then by a new connection`() {
        val bench = Bench.connected()
        bench.pass(20.seconds - INSTANT)
        assertEquals(1, bench.station.heardOf("resume").size)
        bench.pass(INSTANT)
        assertEquals(2, bench.station.heardOf("resume").size)
        bench.isStationThere = false
        bench.pass(40.seconds)
        assertEquals(1, bench.closed.first())
    }

    @Test
    fun `a message by anybody else ends the connection`() {
        val bench = Bench.connected()
        val impostor = ScriptedStation(Vectors.keyPair("another_station"))
        bench.receive(impostor.sayIn(bench.station.sx, 3, "nudge", Json.of(cidMember)))
        assertEquals(listOf(1), bench.closed)
        assertEquals(1, bench.said.size)
    }

    @Test
    fun `a message that comes twice is heard once, and acknowledged again`() {
        val bench = Bench.connected()
        val frame = bench.station.say("nudge", Json.of(cidMember))
        bench.receive(frame)
        bench.pass(1.seconds)
        bench.receive(frame)
        bench.pass(1.seconds)
        assertEquals(listOf(Nudge(cid)), bench.said.drop(1))
        assertEquals(listOf(3L, 3L), bench.station.heardOf("ack").map { it.ack })
    }

    @Test
    fun `messages that overtake each other are heard, and acknowledged up to the hole`() {
        val bench = Bench.connected()
        val (first, second) = List(2) { bench.station.say("nudge", Json.of(cidMember)) }
        bench.receive(second)
        bench.pass(500.milliseconds)
        assertEquals(2L, bench.station.heard.last().ack)
        bench.receive(first)
        bench.pass(500.milliseconds)
        assertEquals(4L, bench.station.heard.last().ack)
        assertEquals(2, bench.said.drop(1).size)
    }

    @Test
    fun `what a newer station says more is ignored, and acknowledged`() {
        val bench = Bench.connected()
        bench.say("weather", "rain" to Json.Flag(true))
        bench.say("nudge", "cid" to Json.Text("seven"))
        bench.pass(1.seconds)
        assertEquals(emptyList<Int>(), bench.closed)
        assertEquals(4L, bench.station.heardOf("ack").last().ack)
    }

    @Test
    fun `only what the station signed revokes`() {
        val bench = Bench.connected()
        bench.fail("revoked")
        assertEquals(0, bench.revoked)
        bench.pass(A_WHILE)
        bench.open()
        bench.say("error", "code" to Json.Text("revoked"), "detail" to Json.Text(""))
        assertEquals(1, bench.revoked)
        bench.pass(10.minutes)
        assertEquals(2, bench.dialled.size)
        assertEquals(Link.Word.Stopped, bench.links.last())
    }

    @Test
    fun `a station that denies the greeting is asked again after a pause`() {
        val bench = Bench()
        bench.act { start(bench.now) }
        bench.isStationThere = false
        bench.open()
        val hello = Envelope.split(bench.sent.single()).unverified() as Json.Object
        val mid = Mid.read(checkNotNull(hello["mid"]))
        bench.receive(bench.station.deny("rate_limited", mid))
        assertEquals(listOf(1), bench.closed)
        assertEquals(0, bench.revoked)
        bench.pass(1.seconds)
        assertEquals(2, bench.dialled.size)
    }

    @Test
    fun `a connection that was stopped stays so, and answers what was asked`() {
        val bench = Bench.connected()
        bench.act { request(Accept(cid), bench.now) }
        bench.act { stop() }
        assertEquals(listOf(Accept(cid) to Failed(Code.Stopped)), bench.answered)
        bench.act { wake(bench.now) }
        bench.pass(10.minutes)
        assertEquals(1, bench.dialled.size)
        assertEquals(listOf(1), bench.closed)
    }
}
