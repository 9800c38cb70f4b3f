// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import okhttp3.mockwebserver.MockResponse
import okhttp3.mockwebserver.RecordedRequest
import okhttp3.tls.HeldCertificate
import okio.ByteString.Companion.encodeUtf8
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.link.Farewell
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.net.station.textOf
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import java.io.Closeable
import kotlin.time.Duration.Companion.seconds

/** Which station a handset speaks to, and how it loses it. */
class ReachingTest {
    private val certificate = HeldCertificate.Builder().commonName("another name").build()
    private val open = mutableListOf<Closeable>()

    @AfterEach
    fun close() = open.asReversed().forEach(Closeable::close)

    private fun server(certificate: HeldCertificate? = this.certificate) =
        StationServer(certificate).also { open += it }

    private fun phone(srv: Srv, vararg addresses: String): TestPhone =
        TestPhone(srv, *addresses).also { open += it }

    private fun started(server: StationServer): TestPhone =
        phone(server.srv, server.address).apply { live.start() }

    private fun connected(server: StationServer): TestPhone =
        started(server).apply { awaitConnected() }

    private fun TestPhone.awaitConnected() =
        await("connected") { it.link.word == Link.Word.Connected }

    private fun TestPhone.awaitEnd(why: Farewell) = await("ended by $why") { it.link.why == why }

    @Test
    fun `a station with the pinned key is spoken to, as the protocol says`() {
        val server = server()
        connected(server)
        val request: RecordedRequest = server.requests.take()
        assertEquals("GET /link HTTP/1.1", request.requestLine)
        assertEquals("icm1", request.getHeader("Sec-WebSocket-Protocol"))
        assertNull(request.getHeader("Origin"))
        assertNull(request.getHeader("Sec-WebSocket-Extensions"))
        assertEquals("TLSv1.3", request.handshake?.tlsVersion?.javaName)
        assertEquals(server.srv.text, (server.heardOf("hello").single().b["srv"]).textOf)
    }

    @Test
    fun `dates do not matter to a pinned key`() {
        val expired =
            HeldCertificate.Builder().validityInterval(0, 1000).commonName("elsewhere").build()
        connected(server(expired))
    }

    @Test
    fun `another key than the pinned one is not spoken to`() {
        val server = server()
        val phone = phone(Srv(Pin.of(ByteArray(32))), server.address)
        phone.live.start()
        phone.awaitEnd(Farewell.Closed("wrong_key"))
        assertEquals(0, server.requests.size)
    }

    @Test
    fun `a station without TLS where there must be some is not spoken to`() {
        val (plain, other) = server(null) to server()
        val phone = phone(other.srv, plain.address)
        phone.live.start()
        phone.await("connecting") { it.link.word == Link.Word.Connecting }
        phone.sleep(10.seconds)
        phone.awaitEnd(Farewell.Closed("late"))
        assertEquals(0, plain.requests.size)
    }

    @Test
    fun `without a pin the loopback address is spoken to, and no other`() {
        connected(server(null))
        for (address in listOf("192.0.2.1:7443", "[2001:db8::1]:7443")) {
            val phone = phone(Srv(null), address)
            phone.live.start()
            phone.awaitEnd(Farewell.Closed("not_loopback"))
        }
    }

    @Test
    fun `what is no address is passed over`() {
        val server = server()
        val phone = phone(server.srv, "no address at all", server.address)
        phone.live.start()
        phone.awaitConnected()
    }

    @Test
    fun `a server that does not speak the protocol is not spoken to`() {
        val server = server()
        server.answer = { server.upgrade().removeHeader("Sec-WebSocket-Protocol") }
        started(server).awaitEnd(Farewell.Closed("unreachable"))
        server.answer = { MockResponse().setResponseCode(421) }
        started(server).awaitEnd(Farewell.Closed("http_421"))
        assertEquals(0, server.heardOf("hello").size)
    }

    @Test
    fun `the station's word for closing is told, and the connection comes back`() {
        val server = server()
        val phone = connected(server)
        server.hangUp("replaced")
        phone.awaitEnd(Farewell.Closed("replaced"))
        phone.awaitConnected()
    }

    @Test
    fun `a station that is gone is told from one that is not there`() {
        val server = server()
        val phone = connected(server)
        server.close()
        phone.awaitEnd(Farewell.Closed("lost"))
        phone.awaitEnd(Farewell.Closed("unreachable"))
    }

    @Test
    fun `a station that falls silent is left, and sought again`() {
        val server = server()
        val phone = connected(server)
        server.isMute = true
        phone.sleep(20.seconds)
        phone.eventually("asked") { server.unheard.get() > 0 }
        phone.sleep(10.seconds)
        phone.awaitEnd(Farewell.Silent)
        server.isMute = false
        phone.awaitConnected()
    }

    @Test
    fun `on another network the connection is tried at once`() {
        val server = server()
        val phone = connected(server)
        server.isMute = true
        phone.live.networkChanged(true)
        phone.eventually("asked") { server.unheard.get() > 0 }
        phone.sleep(3.seconds)
        phone.awaitEnd(Farewell.Silent)
    }

    @Test
    fun `a frame that is too large ends the connection`() {
        val server = server()
        val phone = connected(server)
        server.send("a".repeat(32 * 1024 + 1))
        phone.awaitEnd(Farewell.Refused(Code.TooLarge))
        assertEquals("closed 1000", server.farewells.take())
    }

    @Test
    fun `what is no text ends the connection`() {
        val server = server()
        val phone = connected(server)
        server.send("a".encodeUtf8())
        phone.await("lost") { it.link.word == Link.Word.Lost }
    }

    @Test
    fun `stopped, it is away until it is started`() {
        val server = server()
        val phone = connected(server)
        phone.live.stop()
        phone.await("stopped") { it.link.word == Link.Word.Stopped }
        assertEquals("closed 1000", server.farewells.take())
        phone.live.start()
        phone.awaitConnected()
    }

    @Test
    fun `closed, it leaves no connection and no thread`() {
        val server = server()
        val before = threads()
        val phones = List(3) { TestPhone(server) }
        phones.forEach { it.live.start() }
        phones[0].awaitConnected()
        val threads = threads() - before
        assertEquals(3, threads.count { it.name == "handset" })
        phones.forEach { it.close() }
        phones.forEach { it.close() }
        threads.forEach { it.join(TestPhone.LONG * 1000) }
        assertEquals(emptyList<Thread>(), threads.filter { it.isAlive })
        phones[0].live.start()
        phones[0].live.wake()
    }

    /** But for those that okhttp keeps for a minute for whoever comes next. */
    private fun threads(): Set<Thread> = Thread.getAllStackTraces().keys.filterNot { thread ->
        listOf("OkHttp TaskRunner", "Okio Watchdog", "MockWebServer")
            .any { it in thread.name }
    }.toSet()
}
