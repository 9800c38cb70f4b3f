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
    fun `one answers, and the other learns who it was`() = house {
        val (kitchen, study) = phone("Kitchen") to phone("Study", STUDY_TONE)
        assertEquals(ring(kitchen), study.rings())
        study.press(Button.Answer)
        only(study, STUDY_TONE, kitchen)
    }

    @Test
    fun `both answer in the same instant, and one of them talks`() = house {
        val (kitchen, study) = phone("Kitchen") to phone("Study", STUDY_TONE)
        assertEquals(ring(kitchen), study.rings())
        listOf(kitchen, study).forEach { it.press(Button.Answer) }
        val winner =
            find("one of them talks") {
                listOf(kitchen, study).find { it.call?.phase == Phase.Ongoing }
            }
        if (winner == kitchen) {
            only(kitchen, HANDSET_TONE, study)
        } else {
            only(study, STUDY_TONE, kitchen)
        }
    }

    private fun House.only(winner: Phone, tone: Int, loser: Phone) {
        talk(winner, tone)
        val ending = loser.toldEnd(checkNotNull(winner.call?.cid))
        assertEquals(Status.Elsewhere, ending.status)
        assertEquals(winner.label, ending.answeredBy)
    }
}
