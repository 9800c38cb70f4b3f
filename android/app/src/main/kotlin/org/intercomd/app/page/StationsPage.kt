// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.keys.Thumbprint

/** All stations, and how they stand. */
fun stationsPage(
    stations: List<StationView>,
    damaged: List<Thumbprint>,
    /** How much of what was checked the person can mend. */
    findings: Int,
    /** What is to be told of a pairing that ended. */
    parting: Saying? = null,
): Page {
    val rows = buildList {
        parting?.let {
            add(Row.Line(it, isNews = true))
            add(Row.Press(Saying(Text.Understood), Wish.Understood))
        }
        if (stations.isEmpty() && damaged.isEmpty()) add(Row.Line(Saying(Text.NoStations)))
        for (station in stations) {
            add(Row.Heading(Saying(Text.Named, station.name)))
            add(Row.Line(station.standing))
            addAll(quietRows(station))
            add(Row.Press(Saying(Text.Show, station.name), Wish.Show(station.id)))
        }
        for (id in damaged) {
            add(Row.Line(Saying(Text.Damaged)))
            add(Row.Press(Saying(Text.Forget), Wish.Forget(id)))
        }
        add(Row.Press(Saying(Text.Pair), Wish.Pair))
        add(Row.Press(check(findings), Wish.Check))
    }
    return Page(Saying(Text.Stations), rows)
}

private fun check(findings: Int) = when (findings) {
    0 -> Saying(Text.Check)
    1 -> Saying(Text.CheckOne)
    else -> Saying(Text.CheckCount, findings)
}
