// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** What may go wrong goes wrong. */
class TroubleTest {
    @Test
    fun `a station that dies while it rings, and is back`() = House().use { house ->
        val phone = house.phone("Kitchen")
        house.station.panel.press("bell")
        val cid = phone.rings()
        house.station.kill()
        phone.await("the phone notices") { it.link.word != Link.Word.Connected }
        house.station.run()
        val ending = phone.ended(cid).ending
        assertEquals(Status.Missed, ending.status)
        phone.connected()

        house.station.panel.press("bell")
        assertTrue(phone.rings().number > cid.number, "it is another call")
        phone.press(Button.Answer)
        house.talk(phone)
    }

    @Test
    fun `a network that is lost and comes back in time`() = House(grace = 120).use { house ->
        val phone = house.phone("Kitchen")
        val cid = talking(house, phone)
        Network.cut()
        phone.networkChanged(false)
        phone.await("the phone notices") { it.calls.call?.mediaState == MediaState.Lost }
        until("the station notices") { house.station.panel.call?.media == listOf("lost") }
        until("nobody hears anybody") {
            !phone.hears(STATION_TONE).isTone &&
                !house.station.loudspeaker.newest(HANDSET_TONE).isTone
        }
        Network.mend()
        phone.networkChanged(true)
        house.talk(phone)
        until("the station has found it") {
            house.station.panel.call?.media == listOf("connected")
        }
        assertEquals(cid, phone.call?.cid)
        assertEquals(Status.Ongoing, house.station.panel.call?.status)
        phone.press(Button.HangUp)
        assertEquals(Status.Ended, phone.ended(cid).ending.status)
    }

    @Test
    fun `a network that is lost and stays away`() = House(grace = 1).use { house ->
        val phone = house.phone("Kitchen")
        val cid = talking(house, phone)
        Network.cut()
        phone.networkChanged(false)
        assertEquals(Reason.MediaTimeout, house.station.panel.awaitCall(Status.Failed).reason)
        assertTrue(phone.ended(cid).ending.isGuess, "nobody told the phone")
        Network.mend()
        phone.networkChanged(true)
        phone.await("the phone is told") { !phone.ended(cid).ending.isGuess }
        assertEquals(Reason.MediaTimeout, phone.ended(cid).ending.reason)
        phone.connected()
    }

    @Test
    fun `a phone that is revoked in the middle of a call`() = House().use { house ->
        val phone = house.phone("Kitchen")
        val cid = talking(house, phone)
        house.station.panel.unpair(phone.id)
        assertEquals(Reason.Revoked, house.station.panel.awaitCall(Status.Failed).reason)
        until("the phone knows that it is revoked") { phone.isRevoked }
        phone.ended(cid)
        until("the phone is not heard any more") {
            house.station.loudspeaker.newest(HANDSET_TONE).isAbsent
        }
        assertEquals(Link.Word.Stopped, phone.state.link.word)
        assertTrue(house.station.panel.handsets.isEmpty(), "the station knows it no more")
    }

    private fun talking(house: House, phone: Phone): CallId {
        house.station.panel.press("bell")
        val cid = phone.rings()
        phone.press(Button.Answer)
        house.talk(phone)
        return cid
    }
}
