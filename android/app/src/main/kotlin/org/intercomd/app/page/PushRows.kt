// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.device.push.PushHealth
import org.intercomd.intercom.text.words
import org.intercomd.phone.time.WallTime

data class StationPush(val station: String, val health: PushHealth, val now: WallTime) {
    /** Nothing mends it by itself. */
    val isRefused: Boolean
        get() = health.noEndpoint != null || health.refused != null
}

/** Whether a sleeping phone is woken: what each station was told, and what came. */
internal fun pushRows(pushes: List<StationPush>): List<Row> = pushes.flatMap { push ->
    listOf(
        Row.Heading(Saying(Text.Pushes, push.station)),
        Row.Line(registered(push.health)),
        Row.Line(last(push)),
    )
}

/** Which app wakes this phone, as long as that is chosen, and those that could as well. */
internal fun distributorRows(health: PhoneHealth): List<Row> {
    val chosen = health.distributor ?: return emptyList()
    val (used, others) = health.distributors.partition { it.id == chosen }
    val name = used.firstOrNull()?.name ?: chosen
    return listOf(Row.Heading(Saying(Text.Waking)), Row.Line(Saying(Text.WokenBy, name))) +
        choices(others)
}

internal fun choices(distributors: List<PushApp>): List<Row.Press> =
    distributors.map { Row.Press(Saying(Text.Choose, it.name), Wish.Choose(it.id)) }

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
    val ago = ago(last.until(push.now))
    val refusal = push.health.refusal ?: return Saying(Text.PushLast, ago)
    return Saying(Text.PushLastRefused, ago, refusal.word)
}
