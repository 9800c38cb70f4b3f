// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.station.PracticeStage
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.RingProblem
import org.intercomd.phone.keys.Thumbprint

/** What is so on this phone, as far as it matters to ringing. */
data class PhoneHealth(
    val problems: List<RingProblem>,
    /** The names of the stations that [RingProblem.RingChannelOff] is about. */
    val turnedOff: List<String>,
    val missing: List<NeededPermission>,
    val hasScreenLock: Boolean,
    val savesBattery: Boolean,
    /** The apps that could wake this phone, and which of them does, by its id. */
    val distributors: List<PushApp>,
    val distributor: String?,
    /** It makes no sound, whoever rings. */
    val isSilent: Boolean = false,
    /** Android's, for the whole phone. */
    val isQuiet: Boolean = false,
)

/** An app that can bring pushes: its package, and what people call it. */
data class PushApp(val id: String, val name: String)

/** Something that is not as it should be, and what mends it. */
data class Finding(val text: Saying, val mend: List<Row.Press> = emptyList())

fun findings(health: PhoneHealth): List<Finding> = buildList {
    val isForbidden = NeededPermission.Notifications in health.missing
    for (problem in health.problems) {
        // Then the permission is what is to be given.
        if (problem != RingProblem.NotificationsOff || !isForbidden) {
            addAll(findings(problem, health))
        }
    }
    for (needed in health.missing) add(finding(needed))
    if (health.savesBattery) {
        add(Finding(Saying(Text.BatterySaving), settings(BATTERY)))
    }
    if (!health.hasScreenLock) {
        add(Finding(Saying(Text.NoScreenLock), settings(Settings.ACTION_SECURITY_SETTINGS)))
    }
    if (health.isSilent) add(Finding(Saying(Text.Silent), settings(SOUND)))
    if (health.isQuiet) add(Finding(Saying(Text.AndroidQuiet), settings(DO_NOT_DISTURB)))
    if (health.distributor == null) add(noDistributor(health.distributors))
}

/** What is known of the stations, as far as it matters to ringing. */
data class StationsHealth(
    val stations: List<StationView>,
    val damaged: List<Thumbprint> = emptyList(),
    val pushes: List<StationPush> = emptyList(),
)

fun findings(health: StationsHealth): List<Finding> = buildList {
    if (health.stations.isEmpty() && health.damaged.isEmpty()) {
        add(Finding(Saying(Text.NoStations), listOf(Row.Press(Saying(Text.Pair), Wish.Pair))))
    }
    for (station in health.stations) {
        if (!isThere(station)) {
            val how = Saying(Text.StationStands, station.name, station.standing)
            add(Finding(how, listOf(show(station))))
        }
    }
    for (id in health.damaged) {
        val forget = Row.Press(Saying(Text.Forget), Wish.Forget(id))
        add(Finding(Saying(Text.Damaged), listOf(forget)))
    }
    for (push in health.pushes.filter { it.isRefused }) {
        add(Finding(Saying(Text.NotWoken, push.station)))
    }
}

/** Those that the person wants not to be disturbed by are told, but are nothing to mend. */
fun checkPage(health: PhoneHealth, stations: StationsHealth, practice: PracticeStage): Page {
    val rows = buildList {
        val findings = findings(health) + findings(stations)
        val quiet = stations.stations.filter { it.settings.isQuiet }
        if (findings.isEmpty() && quiet.isEmpty()) add(Row.Line(Saying(Text.AllWell)))
        for (finding in findings) {
            add(Row.Line(finding.text))
            addAll(finding.mend)
        }
        for (station in quiet) {
            add(Row.Line(Saying(Text.QuietStation, station.name)))
            add(show(station))
        }
        addAll(distributorRows(health))
        addAll(pushRows(stations.pushes))
        add(Row.Heading(Saying(Text.Practice)))
        addAll(practiceRows(practice))
        add(Row.Press(Saying(Text.RingSettings), Wish.RingSettings))
    }
    return Page(Saying(Text.Check), rows)
}

/** A call needs no link to ring: a push may have brought it. */
private fun isThere(station: StationView): Boolean =
    station.isLinked || (!station.isRevoked && station.state.calls.call != null)

private fun practiceRows(stage: PracticeStage): List<Row> = when (stage) {
    PracticeStage.Awaited -> listOf(Row.Line(Saying(Text.PracticeSoon), isNews = true))
    PracticeStage.Answered -> listOf(Row.Line(Saying(Text.PracticeOver), isNews = true)) + practise
    PracticeStage.None -> practise
}

private val practise = listOf(
    Row.Line(Saying(Text.PracticeHow)),
    Row.Press(Saying(Text.Practice), Wish.Practise),
)

private fun show(station: StationView) =
    Row.Press(Saying(Text.Show, station.name), Wish.Show(station.id))

private fun findings(problem: RingProblem, health: PhoneHealth): List<Finding> {
    val texts = when (problem) {
        RingProblem.NotificationsOff -> listOf(Saying(Text.NotificationsOff))
        RingProblem.RingChannelOff -> health.turnedOff.map { Saying(Text.ChannelOff, it) }
        RingProblem.ScreenStaysDark -> listOf(Saying(Text.StaysDark))
        RingProblem.BackgroundRestricted -> listOf(Saying(Text.Restricted))
        RingProblem.NoTelecom -> listOf(Saying(Text.NoTelecom))
    }
    val mend = problem.settings?.let { settings(it, isOfApp = true) }.orEmpty()
    return texts.map { Finding(it, mend) }
}

internal fun finding(missing: NeededPermission): Finding {
    val text = when (missing) {
        NeededPermission.Microphone -> Text.NoMicrophone
        NeededPermission.Notifications -> Text.NoNotifications
        NeededPermission.LocalNetwork -> Text.NoLocalNetwork
    }
    // Whoever said no twice is not asked any more by Android, and finds it in the settings.
    val ask = Row.Press(Saying(Text.Allow), Wish.Ask(missing.permission))
    val details = settings(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, isOfApp = true)
    return Finding(Saying(text), listOf(ask) + details)
}

private fun noDistributor(possible: List<PushApp>): Finding = when (possible.size) {
    0 -> Finding(Saying(Text.NoDistributor))
    1 -> Finding(Saying(Text.OneDistributor), choices(possible))
    else -> Finding(Saying(Text.ChooseDistributor), choices(possible))
}

private fun settings(action: String, isOfApp: Boolean = false) =
    listOf(Row.Press(Saying(Text.Settings), Wish.Settings(action, isOfApp)))

private const val BATTERY = Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS
private const val SOUND = Settings.ACTION_SOUND_SETTINGS
private const val DO_NOT_DISTURB = Settings.ACTION_ZEN_MODE_PRIORITY_SETTINGS
