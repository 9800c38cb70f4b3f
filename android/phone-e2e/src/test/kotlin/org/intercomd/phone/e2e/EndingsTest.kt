// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Every way in which a call ends while all is well: both sides say the same of it. */
class EndingsTest {
    @Test
    fun `the visitor hangs up`() = House().use { house ->
        val phone = house.phone("Kitchen")
        house.station.panel.press("bell")
        val cid = phone.rings()
        phone.press(Button.Answer)
        house.talk(phone)
        house.station.panel.press("end")
        ended(house, phone, cid, Status.Ended to Reason.Ended, Status.Ended to Reason.Ended)
    }

    @Test
    fun `the visitor goes while it rings`() = House().use { house ->
        val phone = house.phone("Kitchen")
        house.station.panel.press("bell")
        val cid = phone.rings()
        house.station.panel.press("end")
        ended(
            house,
            phone,
            cid,
            Status.Missed to Reason.Cancelled,
            Status.Cancelled to Reason.Cancelled,
        )
    }

    @Test
    fun `the phone rejects`() = House().use { house ->
        val phone = house.phone("Kitchen")
        house.station.panel.press("bell")
        val cid = phone.rings()
        phone.press(Button.Decline)
        ended(
            house,
            phone,
            cid,
            Status.Rejected to Reason.Rejected,
            Status.Rejected to Reason.Rejected,
        )
    }

    @Test
    fun `nobody answers in time`() = House(ringsFor = 2).use { house ->
        val phone = house.phone("Kitchen")
        house.station.panel.press("bell")
        val cid = phone.rings()
        ended(
            house,
            phone,
            cid,
            Status.Missed to Reason.Unanswered,
            Status.Unanswered to Reason.Unanswered,
        )
    }

    private fun ended(
        house: House,
        phone: Phone,
        cid: CallId,
        onThePhone: Pair<Status, Reason>,
        atTheDoor: Pair<Status, Reason>,
    ) {
        val panel = house.station.panel
        assertEquals(atTheDoor.second, panel.awaitCall(atTheDoor.first).reason)
        val ending = phone.ended(cid).ending
        assertEquals(onThePhone, ending.status to ending.reason)
    }
}
