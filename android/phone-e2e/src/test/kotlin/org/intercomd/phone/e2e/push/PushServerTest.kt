// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.push

import okhttp3.tls.HandshakeCertificates
import okhttp3.tls.decodeCertificatePem
import org.intercomd.phone.e2e.until
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.io.path.readText

/** What the tests of pushes take for granted of Prosody and the distributor. */
class PushServerTest {
    private val server = PushServer.start()
    private val distributor = Distributor(server)
    private val arrived = LinkedBlockingQueue<ByteArray>()
    private val client = HttpClient.newHttpClient()

    @AfterEach
    fun close() {
        distributor.close()
        server.close()
    }

    @Test
    fun `what is posted arrives, byte by byte`() {
        val address = register()
        val body = ByteArray(4096) { it.toByte() }
        assertEquals(CREATED, post(address, body))
        assertArrayEquals(body, next())
    }

    @Test
    fun `each app gets what is its own`() {
        val others = LinkedBlockingQueue<ByteArray>()
        register()
        val address = distributor.register("other") { others += it }
        assertEquals(CREATED, post(address, byteArrayOf(1)))
        assertArrayEquals(byteArrayOf(1), others.poll(WAITS_S, TimeUnit.SECONDS))
        assertEquals(0, arrived.size)
    }

    @Test
    fun `an address is known after a restart, and not when it was forgotten`() {
        val address = register()
        distributor.close()
        server.stop()
        server.run()
        Distributor(server).use { again ->
            again.register("phone") { arrived += it }
            assertEquals(CREATED, post(address, byteArrayOf(1)))
            assertArrayEquals(byteArrayOf(1), next())
            server.forget()
            assertEquals(NOT_FOUND, post(address, byteArrayOf(2)))
            assertEquals(1, server.notFound)
        }
    }

    @Test
    fun `nobody has an address that was never given`() {
        assertEquals(NOT_FOUND, post(URI("${server.url}/never"), byteArrayOf(1)))
    }

    @Test
    fun `more than 4096 bytes are too many`() {
        assertEquals(TOO_LARGE, post(register(), ByteArray(4097)))
    }

    @Test
    fun `it says so while the phone is away`() {
        val address = register()
        distributor.isAway = true
        assertEquals(FAILED, post(address, byteArrayOf(1)))
        distributor.isAway = false
        assertEquals(CREATED, post(address, byteArrayOf(2)))
        assertArrayEquals(byteArrayOf(2), next())
        assertEquals(1, distributor.refused)
    }

    @Test
    fun `what is held back arrives when it is passed on`() {
        val address = register()
        distributor.holdsBack = true
        assertEquals(CREATED, post(address, byteArrayOf(1)))
        until("it is held back") { distributor.heldBack == 1 }
        assertEquals(0, arrived.size)
        distributor.passOn()
        assertArrayEquals(byteArrayOf(1), next())
    }

    @Test
    fun `by https, too`() {
        val authority = server.certificate.readText().decodeCertificatePem()
        val trust = HandshakeCertificates.Builder().addTrustedCertificate(authority).build()
        val client = HttpClient.newBuilder().sslContext(trust.sslContext()).build()
        val address = URI("${server.httpsUrl}/${register().path.substringAfterLast('/')}")
        assertEquals(CREATED, post(address, byteArrayOf(1), client))
        assertArrayEquals(byteArrayOf(1), next())
    }

    private fun register(): URI = distributor.register("phone") { arrived += it }

    private fun next(): ByteArray? = arrived.poll(WAITS_S, TimeUnit.SECONDS)

    private fun post(address: URI, body: ByteArray, by: HttpClient = client): Int {
        val request =
            HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofByteArray(body))
        return by.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()
    }

    private companion object {
        const val WAITS_S = 20L
        const val CREATED = 201
        const val NOT_FOUND = 404
        const val TOO_LARGE = 413

        /** It means 503; this version of the module trips over the distributor's answer. */
        const val FAILED = 500
    }
}
