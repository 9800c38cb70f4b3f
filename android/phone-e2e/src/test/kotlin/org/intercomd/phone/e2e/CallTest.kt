// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.e2e.rtc.Colour
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Of the picture for tests. */
private val SKY = Colour(0x2c, 0x5a, 0x6b)

/** Whole calls, everything told by its content. */
class CallTest {
    @Test
    fun `a visitor rings, is seen, is talked to and is let in`() = house {
        val phone = phone("Kitchen")
        val cid = ring(phone)
        until("the visitor is seen") { phone.eye?.corner?.isNear(SKY) == true }
        val ear = checkNotNull(phone.ear)
        until("silence arrives") { ear.samples > 2 * WINDOW && station.loudspeaker.length > WINDOW }
        assertTrue(phone.hears(STATION_TONE).isAbsent, "the visitor is not heard yet")
        assertTrue(station.loudspeaker.has(HANDSET_TONE).isAbsent, "nor is the phone")

        phone.press(Button.Answer)
        talk(phone)

        phone.press(Button.Mute(true))
        until("the muted phone is not heard") { station.loudspeaker.newest(HANDSET_TONE).isAbsent }
        assertTrue(phone.hears(STATION_TONE).isTone, "it hears on")
        phone.press(Button.Mute(false))
        talk(phone)

        phone.openDoor("front")
        until("the relay goes on and off") { panel.relay == listOf(false, true, false) }

        phone.press(Button.HangUp)
        assertEquals(Status.Ended, phone.toldEnd(cid).status)
        assertEquals(Reason.Ended, panel.awaitCall(Status.Ended).reason)
    }

    @Test
    fun `the phone calls the door, and the visitor answers`() = house {
        val phone = phone("Kitchen")
        phone.connected()
        phone.press(Button.Call(Media.Video))
        panel.awaitCall(Status.Ringing)
        panel.press("bell")
        talk(phone)
        phone.press(Button.HangUp)
        assertEquals(Reason.Ended, panel.awaitCall(Status.Ended).reason)
    }
}
