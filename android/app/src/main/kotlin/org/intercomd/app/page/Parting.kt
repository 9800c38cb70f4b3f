// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.FromStation
import org.intercomd.phone.words.Code

/** How a pairing ended that the station was asked to end, by what it answered. */
fun parting(station: StationView, answer: FromStation): Saying = when {
    answer !is Failed || answer.code in UNKNOWN_THERE -> Saying(Text.Unpaired, station.name)
    else -> Saying(Text.ForgotUntold, station.name)
}

/** How one ended that this phone forgot by itself; null is one that could not be read. */
fun parting(station: StationView?): Saying = when {
    station == null -> Saying(Text.ForgotDamaged)
    station.isRevoked -> Saying(Text.Unpaired, station.name)
    else -> Saying(Text.ForgotUntold, station.name)
}

private val UNKNOWN_THERE = setOf(Code.Revoked, Code.UnknownKey, Code.NotFound)
