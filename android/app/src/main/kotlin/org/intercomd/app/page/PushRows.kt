// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.device.push.PushHealth
import org.intercomd.intercom.text.words
import org.intercomd.phone.time.WallTime

data class StationPush(val station: String, val health: PushHealth, val now: WallTime)

/** Whether a sleeping phone is woken: what each station was told, and what came. */
internal fun pushRows(pushes: List<StationPush>): List<Row> = pushes.flatMap { push ->
    listOf(
        Row.Heading(Saying(Text.Pushes, push.station)),
        Row.Line(registered(push.health)),
        Row.Line(last(push)),
    )
}

private fun registered(health: PushHealth): Saying {
    val (refused, none) = health.refused to health.noEndpoint
    return when {
        // The words of other programs, for whoever is asked for help.
        none != null -> Saying(Text.PushNoEndpoint, none)

        health.endpoint == null -> Saying(Text.PushWaits)

        refused != null -> Saying(Text.PushRefused, words(refused.code), refused.code.word)

        health.isRegistered == true -> Saying(Text.PushRegistered)

        else -> Saying(Text.PushWaits)
    }
}

private fun last(push: StationPush): Saying {
    val last = push.health.lastPush ?: return Saying(Text.PushNever)
    val minutes = last.until(push.now).inWholeMinutes.coerceAtLeast(0)
    val refusal = push.health.refusal ?: return Saying(Text.PushLast, minutes)
    return Saying(Text.PushLastRefused, minutes, refusal.word)
}
