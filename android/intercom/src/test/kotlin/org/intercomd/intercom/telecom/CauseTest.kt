// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.telecom.DisconnectCause
import org.intercomd.phone.call.Ending
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Test

/** What leaving is called is in `EndingsTest`, from every state. */
class CauseTest {
    @Test
    fun `every end has its cause`() {
        val said =
            """
            ended      REMOTE             REMOTE
            busy       BUSY               BUSY
            rejected   REJECTED           REMOTE
            cancelled  CANCELED           CANCELED
            unanswered REMOTE             REMOTE
            missed     MISSED             MISSED
            elsewhere  ANSWERED_ELSEWHERE ANSWERED_ELSEWHERE
            failed     ERROR              ERROR
            """.trimIndent().lines().map {
                it.split(Regex(" +"))
            }
        assertEquals(Status.entries.filter { it.isTerminal }.map { it.word }, said.map { it[0] })
        for ((word, ringsHere, dialledHere) in said) {
            val status = Status.entries.single { it.word == word }
            val ending = Ending(status, Reason.of(word))
            assertEquals(word, ringsHere, cause(Direction.Outgoing, ending))
            assertEquals(word, dialledHere, cause(Direction.Incoming, ending))
        }
    }

    @Test
    fun `a call that this side calls ended was hung up here`() {
        val guess = Ending(Status.Ended, Reason.Ended, isGuess = true)
        assertEquals("LOCAL", cause(Direction.Outgoing, guess))
    }

    @Test
    fun `a call that ended without a word is an error`() {
        assertEquals("ERROR", cause(Direction.Incoming, null))
    }

    /** By Android's own name. */
    private fun cause(direction: Direction, ending: Ending?): String {
        val code = causeOfEnding(direction, ending).code
        return NAMES.getValue(code)
    }

    private companion object {
        val NAMES =
            mapOf(
                DisconnectCause.LOCAL to "LOCAL",
                DisconnectCause.REMOTE to "REMOTE",
                DisconnectCause.REJECTED to "REJECTED",
                DisconnectCause.MISSED to "MISSED",
                DisconnectCause.CANCELED to "CANCELED",
                DisconnectCause.ANSWERED_ELSEWHERE to "ANSWERED_ELSEWHERE",
                DisconnectCause.BUSY to "BUSY",
                DisconnectCause.ERROR to "ERROR",
            )
    }
}
