// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import okhttp3.ConnectionPool
import okhttp3.ConnectionSpec
import okhttp3.HttpUrl.Companion.toHttpUrlOrNull
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okhttp3.TlsVersion
import okhttp3.WebSocket
import okhttp3.WebSocketListener
import okio.ByteString
import org.intercomd.phone.link.message.Srv
import java.net.Proxy
import java.security.SecureRandom
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLContext

/**
 * WebSockets to one station, as PROTOCOL.md says: TLS 1.3 and the pinned key, or no TLS and the
 * loopback address. Used on one thread; its news come on others.
 */
internal class Sockets(private val srv: Srv, private val news: News) {
    interface News {
        fun opened(socket: Int)

        fun received(socket: Int, frame: String)

        /** [hint] is the word of the station's close frame, or what was seen of here. */
        fun closed(socket: Int, hint: String)
    }

    private val client = client(srv)
    private var dialled: Dialled? = null

    /** Nothing is to be said to earlier ones any more. */
    fun dial(socket: Int, address: String) {
        val scheme = if (srv.pin == null) "http" else "https"
        val url = "$scheme://$address/link".toHttpUrlOrNull()
            ?: return news.closed(socket, "no_address")
        val request = Request.Builder().url(url).header(SUBPROTOCOL, ICM1).build()
        dialled = Dialled(socket, request)
    }

    fun send(socket: Int, frame: String) {
        dialled?.takeIf { it.socket == socket }?.send(frame)
    }

    fun close(socket: Int) {
        dialled?.takeIf { it.socket == socket }?.close()
    }

    /** Closes all of them at once. Nothing can be dialled afterwards. */
    fun end() {
        client.dispatcher.cancelAll()
        client.dispatcher.executorService.shutdown()
    }

    private inner class Dialled(val socket: Int, request: Request) : WebSocketListener() {
        @Volatile
        private var isOpen = false
        private val webSocket = client.newWebSocket(request, this)

        fun send(frame: String) {
            webSocket.send(frame)
        }

        fun close() {
            if (isOpen) webSocket.close(NORMALLY, null) else webSocket.cancel()
        }

        override fun onOpen(webSocket: WebSocket, response: Response) {
            if (response.header(SUBPROTOCOL) != ICM1) return webSocket.cancel()
            isOpen = true
            news.opened(socket)
        }

        override fun onMessage(webSocket: WebSocket, text: String) = news.received(socket, text)

        override fun onMessage(webSocket: WebSocket, bytes: ByteString) = webSocket.cancel()

        override fun onClosing(webSocket: WebSocket, code: Int, reason: String) {
            webSocket.close(NORMALLY, null)
            news.closed(socket, reason)
        }

        override fun onFailure(webSocket: WebSocket, t: Throwable, response: Response?) =
            news.closed(socket, if (isOpen) "lost" else hint(t, response))
    }

    private companion object {
        const val SUBPROTOCOL = "Sec-WebSocket-Protocol"
        const val EXTENSIONS = "Sec-WebSocket-Extensions"
        const val ICM1 = "icm1"
        const val NORMALLY = 1000
        const val PINGS_EVERY = 15L
        val TLS_1_3 =
            ConnectionSpec.Builder(ConnectionSpec.RESTRICTED_TLS)
                .tlsVersions(TlsVersion.TLS_1_3).build()

        fun client(srv: Srv): OkHttpClient {
            val pin = srv.pin
            val builder =
                OkHttpClient.Builder()
                    .pingInterval(PINGS_EVERY, TimeUnit.SECONDS)
                    .proxy(Proxy.NO_PROXY)
                    .followRedirects(false)
                    .connectionPool(ConnectionPool(0, 1, TimeUnit.SECONDS))
                    .addInterceptor { chain ->
                        // Nothing compressed, of which a little may become a lot.
                        val request = chain.request().newBuilder().removeHeader(EXTENSIONS)
                        chain.proceed(request.build())
                    }
            if (pin == null) {
                builder.connectionSpecs(listOf(ConnectionSpec.CLEARTEXT))
                    .socketFactory(LoopbackOnly)
            } else {
                val key = PinnedKey(pin)
                val context = SSLContext.getInstance("TLS")
                context.init(null, arrayOf(key), SecureRandom())
                builder.connectionSpecs(listOf(TLS_1_3))
                    .sslSocketFactory(context.socketFactory, key)
                    .hostnameVerifier { _, _ -> true }
            }
            return builder.build()
        }

        fun hint(failure: Throwable, response: Response?): String {
            val causes = generateSequence(failure) { it.cause }
            return when {
                causes.any { it is PinnedKey.WrongKey } -> "wrong_key"
                causes.any { it is LoopbackOnly.NotLoopback } -> "not_loopback"
                response != null && response.code != SWITCHED -> "http_${response.code}"
                else -> "unreachable"
            }
        }

        const val SWITCHED = 101
    }
}
