// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import okhttp3.tls.HeldCertificate
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.net.station.textOf
import org.intercomd.phone.pairing.Attempt
import org.intercomd.phone.pairing.Invitation
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

class LivePairingTest {
    private val server = StationServer(HeldCertificate.Builder().build())
    private val outcomes = LinkedBlockingQueue<LivePairing.Outcome>()

    @AfterEach
    fun close() = server.close()

    private fun pair(pin: Srv, token: Token = server.station.token): LivePairing {
        val station = Vectors.publicKey("station").thumbprint
        // On the discard port nobody answers.
        val addresses = listOf("127.0.0.1:9", server.address)
        val attempt =
            Attempt(
                Invitation("Front door", station, pin, addresses, token),
                Entropy.secure().mid(),
                checkNotNull(Label.parse("Kitchen")),
                Vectors.keyPair("handset_call"),
                Vectors.keyPair("handset_action"),
            )
        return LivePairing(attempt, Clock.system(), outcomes::put)
    }

    private fun outcome() = outcomes.poll(TestPhone.LONG, TimeUnit.SECONDS)

    private fun failure() = (outcome() as LivePairing.Outcome.NotPaired).error.code

    @Test
    fun `the station of the code pairs, at the address that works`() {
        pair(server.srv)
        val paired = outcome() as LivePairing.Outcome.Paired
        assertEquals(HandsetId("h0123456789"), paired.answer.handset)
        assertEquals(server.address, paired.address)
        assertEquals(server.srv.text, server.heardOf("pair").single().b["srv"].textOf)
    }

    @Test
    fun `another TLS key than that of the code hears nothing`() {
        pair(Srv(Pin.of(ByteArray(32))))
        assertEquals(Code.Unavailable, failure())
        assertEquals(0, server.requests.size)
    }

    @Test
    fun `a station that does not know the token is not believed`() {
        pair(server.srv, Token.of(ByteArray(16) { 1 }))
        assertEquals(Code.BadToken, failure())
    }

    @Test
    fun `whoever changes their mind is told that it stopped, and no thread stays`() {
        server.isMute = true
        val before = threads()
        val pairing = pair(server.srv)
        val threads = threads() - before
        pairing.stop()
        assertEquals(Code.Stopped, failure())
        threads.forEach { it.join(TestPhone.LONG * 1000) }
        assertEquals(emptyList<Thread>(), threads.filter { it.isAlive })
    }

    private fun threads() = Thread.getAllStackTraces().keys.filter { it.name == "pairing" }.toSet()
}
