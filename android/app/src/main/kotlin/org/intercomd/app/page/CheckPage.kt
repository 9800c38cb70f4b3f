// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.page

import android.provider.Settings
import org.intercomd.app.text.Saying
import org.intercomd.app.text.Text
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.permission.RingProblem

/** What is so on this phone, as far as it matters to ringing. */
data class PhoneHealth(
    val problems: List<RingProblem>,
    /** The names of the stations that [RingProblem.RingChannelOff] is about. */
    val turnedOff: List<String>,
    val missing: List<NeededPermission>,
    val hasScreenLock: Boolean,
    val savesBattery: Boolean,
    /** The apps that could bring pushes, and which of them does. */
    val distributors: List<String>,
    val distributor: String?,
)

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
    if (health.distributor == null) add(noDistributor(health.distributors))
}

/** [quiet]: stations that the person wants not to be disturbed by, which is nothing to mend. */
fun checkPage(
    health: PhoneHealth,
    quiet: List<StationView>,
    pushes: List<StationPush>,
    practises: Boolean,
): Page {
    val rows = buildList {
        val findings = findings(health)
        if (findings.isEmpty() && quiet.isEmpty()) add(Row.Line(Saying(Text.AllWell)))
        for (finding in findings) {
            add(Row.Line(finding.text))
            addAll(finding.mend)
        }
        for (station in quiet) {
            add(Row.Line(Saying(Text.QuietStation, station.name)))
            add(Row.Press(Saying(Text.Show, station.name), Wish.Show(station.id)))
        }
        addAll(pushRows(pushes))
        add(Row.Heading(Saying(Text.Practice)))
        if (practises) {
            add(Row.Line(Saying(Text.PracticeSoon), isNews = true))
        } else {
            add(Row.Line(Saying(Text.PracticeHow)))
            add(Row.Press(Saying(Text.Practice), Wish.Practise))
        }
        add(Row.Press(Saying(Text.RingSettings), Wish.RingSettings))
    }
    return Page(Saying(Text.Check), rows)
}

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

private fun finding(missing: NeededPermission): Finding {
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

private fun noDistributor(possible: List<String>): Finding {
    if (possible.isEmpty()) return Finding(Saying(Text.NoDistributor))
    val choices = possible.map { Row.Press(Saying(Text.Choose, it), Wish.Choose(it)) }
    return Finding(Saying(Text.ChooseDistributor), choices)
}

private fun settings(action: String, isOfApp: Boolean = false) =
    listOf(Row.Press(Saying(Text.Settings), Wish.Settings(action, isOfApp)))

private const val BATTERY = Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS
