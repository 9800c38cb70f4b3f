// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.link.Link
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What may go wrong goes wrong. */
class TroubleTest {
    @Test
    fun `a station that dies while it rings, and is back`() = house {
        val phone = phone("Kitchen")
        val cid = ring(phone)
        station.kill()
        phone.await("the phone notices") { it.link.word != Link.Word.Connected }
        station.run()
        assertEquals(Status.Missed, phone.ended(cid).status)
        phone.connected()
        assertTrue(answered(phone).number > cid.number, "it is another call")
    }

    @Test
    fun `a station that dies in the middle of a call, and is back`() = house {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        station.kill()
        station.run()
        phone.ended(cid)
        phone.connected()
        assertTrue(answered(phone).number > cid.number, "it is another call")
    }

    @Test
    fun `a link that is lost while the sound goes on`() = house {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        Network.cutLink()
        phone.networkChanged(true)
        phone.await("the phone notices") { it.link.word != Link.Word.Connected }
        talk(phone)
        Network.mend()
        phone.networkChanged(true)
        phone.connected()
        talk(phone)
        assertEquals(cid, phone.call?.cid)
        phone.press(Button.HangUp)
        assertEquals(Reason.Ended, panel.awaitCall(Status.Ended).reason)
    }

    @Test
    fun `a network that is lost and comes back in time`() = house(grace = 120) {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        Network.cut()
        phone.networkChanged(false)
        phone.await("the phone notices") { it.calls.call?.mediaState == MediaState.Lost }
        until("the station notices") { panel.call?.media == listOf("lost") }
        until("nobody hears anybody") {
            !phone.hears(STATION_TONE).isTone && !station.loudspeaker.newest(HANDSET_TONE).isTone
        }
        Network.mend()
        phone.networkChanged(true)
        talk(phone)
        until("the station has found it") { panel.call?.media == listOf("connected") }
        assertEquals(cid, phone.call?.cid)
        phone.press(Button.HangUp)
        assertEquals(Reason.Ended, panel.awaitCall(Status.Ended).reason)
    }

    @Test
    fun `a network that is lost and stays away`() = house(grace = 1) {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        Network.cut()
        phone.networkChanged(false)
        assertEquals(Reason.MediaTimeout, panel.awaitCall(Status.Failed).reason)
        assertTrue(phone.ended(cid).isGuess, "nobody told the phone")
        Network.mend()
        phone.networkChanged(true)
        assertEquals(Reason.MediaTimeout, phone.toldEnd(cid).reason)
    }

    @Test
    fun `a phone that is revoked in the middle of a call`() = house {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        panel.unpair(phone.id)
        assertEquals(Reason.Revoked, panel.awaitCall(Status.Failed).reason)
        until("the phone knows that it is revoked") { phone.isRevoked }
        assertEquals(Reason.Revoked, phone.ended(cid).reason)
        assertEquals(Link.Word.Stopped, phone.state.link.word)
        until("the station knows it no more") { panel.handsets.isEmpty() }
        until("it is not heard any more") { station.loudspeaker.newest(HANDSET_TONE).isAbsent }
    }
}
