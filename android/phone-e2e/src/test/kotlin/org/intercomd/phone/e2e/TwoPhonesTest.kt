// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e

import org.intercomd.phone.call.Button
import org.intercomd.phone.call.Phase
import org.intercomd.phone.words.Status
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

private const val STUDY_TONE = 1110

class TwoPhonesTest {
    @Test
    fun `one answers, and the other learns who it was`() = House().use { house ->
        val (kitchen, study) = house.phone("Kitchen") to house.phone("Study", STUDY_TONE)
        house.station.panel.press("bell")
        val cid = kitchen.rings()
        assertEquals(cid, study.rings())
        study.press(Button.Answer)
        isTalking(house, study, STUDY_TONE, kitchen)
    }

    @Test
    fun `both answer in the same instant, and one of them talks`() = House().use { house ->
        val (kitchen, study) = house.phone("Kitchen") to house.phone("Study", STUDY_TONE)
        house.station.panel.press("bell")
        listOf(kitchen, study).onEach { it.rings() }.forEach { it.press(Button.Answer) }
        val winner =
            until("one of them talks") {
                listOf(kitchen, study).find { it.call?.phase == Phase.Ongoing }
            }
        if (winner == kitchen) {
            isTalking(house, kitchen, HANDSET_TONE, study)
        } else {
            isTalking(house, study, STUDY_TONE, kitchen)
        }
    }

    private fun isTalking(house: House, winner: Phone, tone: Int, loser: Phone) {
        val cid = checkNotNull(winner.call?.cid)
        val ending = loser.ended(cid).ending
        assertEquals(Status.Elsewhere, ending.status)
        assertEquals(winner.label, ending.answeredBy)
        house.talk(winner, tone)
    }
}
