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
    fun `the visitor hangs up`() = house {
        val phone = phone("Kitchen")
        val cid = answered(phone)
        panel.press("end")
        ended(Status.Ended, phone, cid, Status.Ended, Reason.Ended)
    }

    @Test
    fun `the visitor goes while it rings`() = house {
        val phone = phone("Kitchen")
        val cid = ring(phone)
        panel.press("end")
        ended(Status.Cancelled, phone, cid, Status.Missed, Reason.Cancelled)
    }

    @Test
    fun `the phone rejects`() = house {
        val phone = phone("Kitchen")
        val cid = ring(phone)
        phone.press(Button.Decline)
        ended(Status.Rejected, phone, cid, Status.Rejected, Reason.Rejected)
    }

    @Test
    fun `nobody answers in time`() = house(ringsFor = 2) {
        val phone = phone("Kitchen")
        val cid = ring(phone)
        ended(Status.Unanswered, phone, cid, Status.Missed, Reason.Unanswered)
    }

    private fun House.ended(
        atTheDoor: Status,
        phone: Phone,
        cid: CallId,
        onThePhone: Status,
        reason: Reason,
    ) {
        assertEquals(reason, panel.awaitCall(atTheDoor).reason)
        val ending = phone.toldEnd(cid)
        assertEquals(onThePhone to reason, ending.status to ending.reason)
    }
}
