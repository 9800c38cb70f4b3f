// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net.station

import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import okhttp3.mockwebserver.Dispatcher
import okhttp3.mockwebserver.MockResponse
import okhttp3.mockwebserver.MockWebServer
import okhttp3.mockwebserver.RecordedRequest
import okhttp3.tls.HandshakeCertificates
import okhttp3.tls.HeldCertificate
import okio.ByteString
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.keys.sha256
import org.intercomd.phone.link.ScriptedStation
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.Clock
import java.io.Closeable
import java.net.InetAddress
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.atomic.AtomicInteger

/** A [ScriptedStation] behind WebSockets of the loopback address, by TLS if it has a certificate. */
class StationServer(certificate: HeldCertificate? = null) : Closeable {
    val station = ScriptedStation()
    val requests = LinkedBlockingQueue<RecordedRequest>()

    /** How those connections ended that did. */
    val farewells = LinkedBlockingQueue<String>()

    @Volatile
    var isMute = false

    /** How many frames came while it was mute. */
    val unheard = AtomicInteger()

    @Volatile
    var answer: () -> MockResponse = ::upgrade
    private val sockets = LinkedBlockingQueue<WebSocket>()
    private val server = MockWebServer()

    val srv = Srv(certificate?.let { Pin.of(sha256(it.certificate.publicKey.encoded)) })
    val address: String
        get() = "127.0.0.1:${server.port}"

    init {
        if (certificate != null) {
            val tls = HandshakeCertificates.Builder().heldCertificate(certificate).build()
            server.useHttps(tls.sslSocketFactory(), false)
        }
        station.pin = srv.text
        server.dispatcher = object : Dispatcher() {
            override fun dispatch(request: RecordedRequest): MockResponse {
                requests += request
                return answer()
            }
        }
        server.start(InetAddress.getByName("127.0.0.1"), 0)
    }

    /** On the newest connection. */
    fun say(t: String, vararg members: Pair<String, Json?>) =
        send(synchronized(station) { station.say(t, Json.of(*members)) })

    fun send(text: String) {
        sockets.last().send(text)
    }

    fun send(bytes: ByteString) {
        sockets.last().send(bytes)
    }

    fun hangUp(word: String) {
        sockets.last().close(1008, word)
    }

    fun heardOf(t: String) = synchronized(station) { station.heardOf(t) }

    /** Without a word. */
    override fun close() = server.shutdown()

    fun upgrade(): MockResponse = MockResponse().withWebSocketUpgrade(Ears())
        .setHeader("Sec-WebSocket-Protocol", "icm1")

    private inner class Ears : WebSocketListener() {
        override fun onOpen(webSocket: WebSocket, response: Response) {
            sockets += webSocket
        }

        override fun onMessage(webSocket: WebSocket, text: String) {
            if (isMute) {
                unheard.incrementAndGet()
                return
            }
            val now = Clock.system().now()
            synchronized(station) { station.receive(text, now) }.forEach(webSocket::send)
        }

        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
            webSocket.close(1000, null)
            farewells += "closed $code"
        }

        override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) {
            farewells += "broken"
        }
    }
}

val Json?.textOf: String
    get() = (this as Json.Text).text
