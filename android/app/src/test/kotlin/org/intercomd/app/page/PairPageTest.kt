// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.phone.words.Code
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.intercomd.intercom.text.Text as CallText

class PairPageTest {
    @Test
    fun `a link is found in what another app shared`() {
        for (text in listOf(LINK, "  $LINK\n", "My door\n$LINK")) {
            val fits = written(text, " Kitchen ") as Written.Fits
            assertEquals("Front door", fits.invitation.name)
            assertEquals("Kitchen", fits.label.text)
        }
    }

    @Test
    fun `what cannot be used is told`() {
        val cases = listOf(
            Pair("", "Kitchen") to Text.PairNoLink,
            Pair("https://192.0.2.1:8443/", "Kitchen") to Text.PairNoLink,
            Pair(LINK.dropLast(9), "Kitchen") to Text.PairNoLink,
            Pair(LINK, " ") to Text.PairNoLabel,
            Pair(LINK, "x".repeat(65)) to Text.PairNoLabel,
        )
        for ((input, text) in cases) {
            assertEquals(Written.Wrong(Saying(text)), written(input.first, input.second))
        }
    }

    @Test
    fun `every outcome is told, and is followed by something to do`() {
        val lock = Wish.Settings(Settings.ACTION_SECURITY_SETTINGS)
        val cases = listOf(
            PairState.Writing(Saying(Text.PairNoLink)) to
                (Saying(Text.PairNoLink) to listOf(Wish.Scan, Wish.PairNow)),
            PairState.Waiting("Door") to (Saying(Text.PairWaiting, "Door") to emptyList()),
            PairState.Paired("Door", ID) to
                (Saying(Text.Paired, "Door") to listOf(Wish.Check, Wish.Show(ID))),
            PairState.NoScreenLock to (Saying(Text.PairNoLock) to listOf(lock, Wish.PairAgain)),
            PairState.Impossible to (Saying(Text.PairImpossible) to listOf(Wish.PairAgain)),
        )
        for ((state, expected) in cases) {
            val page = pairPage(state, emptyList(), canScan = true)
            assertTrue("$state", Row.Line(expected.first, isNews = true) in page.rows)
            assertEquals(expected.second, page.wishes())
        }
    }

    @Test
    fun `a phone that is paired asks for what a ring needs`() {
        val missing = listOf(NeededPermission.Microphone, NeededPermission.Notifications)
        val page = pairPage(PairState.Paired("Door", ID), missing, canScan = true)
        assertTrue(Text.NoMicrophone in page && Text.NoNotifications in page)
        assertTrue(page.wishes().containsAll(missing.map { Wish.Ask(it.permission) }))
    }

    @Test
    fun `nothing is scanned without a camera`() {
        val page = pairPage(PairState.Writing(), emptyList(), canScan = false)
        assertEquals(listOf(Wish.PairNow), page.wishes())
        assertTrue(Text.PairHowLink in page)
    }

    @Test
    fun `who is refused hears why`() {
        val cases = mapOf(
            Code.PairingClosed to CallText.CodePairingClosed,
            Code.BadToken to CallText.CodeBadToken,
            Code.Unavailable to CallText.CodeUnavailable,
            Code.UnknownKey to CallText.CodeUntrusted,
            Code.WrongRecipient to CallText.CodeUntrusted,
            Code.NoAnswer to CallText.CodeNoAnswer,
        )
        for ((code, text) in cases) {
            val page = pairPage(PairState.Refused(code), emptyList(), canScan = true)
            assertTrue(Saying(Text.PairRefused, Saying(text)) in page.lines())
            assertEquals(listOf(Wish.PairAgain), page.wishes())
        }
    }
}
