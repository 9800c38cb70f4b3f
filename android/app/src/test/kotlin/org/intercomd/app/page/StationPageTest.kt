// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.text.atDoor
import org.intercomd.intercom.text.words
import org.intercomd.intercom.text.wordsElsewhere
import org.intercomd.phone.call.EndedCall
import org.intercomd.phone.call.Ending
import org.intercomd.phone.call.Phase
import org.intercomd.phone.door.DoorProgress
import org.intercomd.phone.link.Farewell
import org.intercomd.phone.link.Link
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.StateIs
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Code
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.DoorAlarm
import org.intercomd.phone.words.DoorState
import org.intercomd.phone.words.Reason
import org.intercomd.phone.words.Right
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class StationPageTest {
    @Test
    fun `how a station stands`() {
        val cases = listOf(
            view() to Saying(Text.Ready),
            view(said(busy = StateIs.Busy("Kitchen"))) to Saying(Text.BusyBy, "Kitchen"),
            view(said(busy = StateIs.Busy(null))) to Saying(Text.Busy),
            view(phase = Phase.Ringing(Moment(9))) to Saying(Text.RingsHere),
            view(phase = Phase.Dialling) to Saying(Text.CallsPanel),
            view(phase = Phase.Ongoing) to Saying(Text.InCallHere),
            view(link = Link.Word.Connecting) to Saying(Text.Connecting),
            view(link = Link.Word.Connecting, why = Farewell.Silent) to Saying(Text.NotReached),
            view(link = Link.Word.Lost, why = Farewell.Closed("wrong_key")) to
                Saying(Text.WrongKey),
            // A push rings without a link.
            view(link = Link.Word.Lost, phase = Phase.Ringing(Moment(9))) to
                Saying(Text.RingsHere),
            view().copy(isRevoked = true) to Saying(Text.NotPaired),
        )
        for ((station, standing) in cases) assertEquals(standing, station.standing)
    }

    @Test
    fun `it can be called and listened to where this handset may`() {
        val cases = listOf(
            view() to listOf(Wish.Call),
            view(said(rights = listOf(Right.Monitor))) to listOf(Wish.Listen),
            view(said(rights = listOf(Right.Answer, Right.Monitor))) to
                listOf(Wish.Call, Wish.Listen),
            view(said(rights = emptyList())) to emptyList(),
            view(said(busy = StateIs.Busy(null))) to emptyList(),
            view(link = Link.Word.Lost) to emptyList(),
            view(said = null) to emptyList(),
            view(phase = Phase.Ongoing) to listOf(Wish.BackToCall),
        )
        for ((station, wishes) in cases) {
            val always = setOf(Wish.Unpair(ID), Wish.Forget(ID), Wish.Ringtone)
            assertEquals(wishes, stationPage(station, Moment(0)).wishes() - always)
        }
    }

    @Test
    fun `a station that is reached is told, one that is not is forgotten without it`() {
        assertTrue(Wish.Unpair(ID) in stationPage(view(), Moment(0)).wishes())
        for (away in listOf(view(link = Link.Word.Lost), view().copy(isRevoked = true))) {
            val wishes = stationPage(away, Moment(0)).wishes()
            assertTrue(Wish.Forget(ID) in wishes)
            assertFalse(Wish.Unpair(ID) in wishes)
            assertEquals(away.isRevoked, Wish.Pair in wishes)
            assertEquals(away.isRevoked, Text.RevokedHow in stationPage(away, Moment(0)))
        }
    }

    @Test
    fun `a door says how it is, in words`() {
        val cases = listOf(
            door() to Text.StateClosed,
            door(DoorState.Open) to Text.StateOpen,
            door(DoorState.Held) to Text.StateHeld,
            door(DoorState.Locked) to Text.StateLocked,
            door(isLocked = true) to Text.StateLocked,
        )
        for ((door, text) in cases) {
            val page = stationPage(view(said(doors = listOf(door))), Moment(0))
            assertTrue(atDoor("Gate", Saying(text)) in page.lines())
            assertEquals(!door.isLocked, Wish.OpenDoor(GATE) in page.wishes())
        }
        val forced = view(said(doors = listOf(door(alarm = DoorAlarm.ForcedOpen))))
        val alarm = Saying(Text.DoorAlarm, Saying(Text.AlarmForcedOpen))
        assertTrue(alarm in stationPage(forced, Moment(0)).lines())
    }

    @Test
    fun `a door that is being opened is not asked for twice`() {
        val refused = DoorProgress.Refused(Failed(Code.Locked), Moment(9))
        val cases = listOf(
            DoorProgress.Asking(null) to false,
            DoorProgress.Opening to false,
            DoorProgress.Opened(Moment(9)) to true,
            refused to true,
        )
        for ((progress, mayAsk) in cases) {
            val station = view(said(doors = listOf(door())), progress = progress)
            val page = stationPage(station, Moment(0))
            assertEquals("$progress", mayAsk, Wish.OpenDoor(GATE) in page.wishes())
        }
        val page = stationPage(view(said(doors = listOf(door())), progress = refused), Moment(0))
        assertTrue(words(refused) in page.lines())
    }

    @Test
    fun `the last calls are told with how long ago they ended`() {
        fun ended(ending: Ending, at: Long) =
            EndedCall(null, null, Direction.Outgoing, false, ending, Moment(at), null)
        val story = listOf(
            ended(Ending(Status.Missed, Reason.Missed), 239_000),
            ended(Ending(Status.Elsewhere, Reason.Elsewhere, "Kitchen"), 60_000),
        )
        val lines = stationPage(view(story = story), Moment(240_000)).lines()
        val expected = listOf(
            Saying(Text.CallEnded, Saying(Text.EndMissed), Saying(Text.JustNow)),
            Saying(
                Text.CallEnded,
                wordsElsewhere(story.last().ending),
                Saying(Text.AgoMinutes, 3L),
            ),
        )
        assertEquals(expected, lines.filter { it.text == Text.CallEnded })
        assertTrue(Text.NoCalls in stationPage(view(), Moment(0)))
    }

    @Test
    fun `the page of all stations leads to each of them, and to what is damaged`() {
        val page = stationsPage(listOf(view()), listOf(ID), findings = 2)
        val expected = listOf(Wish.Show(ID), Wish.Forget(ID), Wish.Pair, Wish.Check)
        assertEquals(expected, page.wishes())
        val check = mapOf(0 to Saying(Text.Check), 1 to Saying(Text.CheckOne)) +
            (2 to Saying(Text.CheckCount, 2))
        for ((findings, text) in check) {
            val rows = stationsPage(emptyList(), emptyList(), findings).rows
            assertEquals(Row.Press(text, Wish.Check), rows.last())
        }
        assertTrue(Text.NoStations in stationsPage(emptyList(), emptyList(), findings = 0))
    }
}
