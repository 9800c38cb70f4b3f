// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import okhttp3.Response
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import okhttp3.mockwebserver.MockResponse
import okhttp3.mockwebserver.MockWebServer
import okhttp3.mockwebserver.QueueDispatcher
import org.intercomd.app.page.link
import org.intercomd.phone.json.Json
import org.intercomd.phone.link.ScriptedStation
import org.intercomd.phone.time.Moment
import org.intercomd.phone.vectors.Vectors
import java.net.InetAddress

/** A [ScriptedStation] behind WebSockets of the loopback address. */
internal class TestStation : AutoCloseable {
    private val station = ScriptedStation()
    private val server = MockWebServer()

    /** A pairing link. */
    val link: String
        get() = link(
            pin = "",
            at = listOf("127.0.0.1:${server.port}"),
            key = Vectors.thumbprint("station"),
        )

    init {
        val upgrade = MockResponse().withWebSocketUpgrade(Ears())
            .setHeader("Sec-WebSocket-Protocol", "icm1")
        server.dispatcher = QueueDispatcher().apply { setFailFast(upgrade) }
        server.start(InetAddress.getByName("127.0.0.1"), 0)
    }

    fun answers(t: String, answer: String, vararg members: Pair<String, Json?>) =
        synchronized(station) { station.answers[t] = { answer to Json.of(*members) } }

    fun heard(t: String): Int = synchronized(station) { station.heardOf(t).size }

    override fun close() = server.shutdown()

    private inner class Ears : WebSocketListener() {
        override fun onMessage(webSocket: WebSocket, text: String) {
            val now = Moment(System.nanoTime() / 1_000_000)
            synchronized(station) { station.receive(text, now) }.forEach(webSocket::send)
        }

        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
            webSocket.close(1000, null)
        }

        override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) = Unit
    }
}
