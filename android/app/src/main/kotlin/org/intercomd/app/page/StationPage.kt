// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Right

/** One station: call it, open its doors, and what was. */
fun stationPage(station: StationView, now: Moment): Page {
    val rows = buildList {
        add(Row.Line(station.standing, isNews = true))
        if (station.isRevoked) addAll(revokedRows())
        addAll(quietRows(station))
        station.trouble?.let { add(Row.Line(it, isNews = true)) }
        addAll(callRows(station))
        addAll(doorRows(station))
        addAll(storyRows(station.state.calls.story, now))
        if (!station.isRevoked) addAll(settingRows(station))
        if (station.isLinked) add(Row.Press(Saying(Text.Unpair), Wish.Unpair(station.id)))
        // Without asking the station, which then has to be told by somebody else.
        if (!station.isLinked) add(Row.Press(Saying(Text.Forget), Wish.Forget(station.id)))
    }
    return Page(Saying(Text.Named, station.name), rows)
}

private fun revokedRows() =
    listOf(Row.Line(Saying(Text.RevokedHow)), Row.Press(Saying(Text.Pair), Wish.Pair))

private fun callRows(station: StationView): List<Row> {
    val calls = station.state.calls
    if (calls.call != null) return listOf(Row.Press(Saying(Text.BackToCall), Wish.BackToCall))
    val said = calls.station
    if (!station.isLinked || said == null || said.busy != null) return emptyList()
    val rights = said.handset.rights
    return buildList {
        if (Right.Answer in rights) add(Row.Press(Saying(Text.CallStation), Wish.Call))
        if (Right.Monitor in rights) add(Row.Press(Saying(Text.Listen), Wish.Listen))
    }
}
