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
        if (problem != RingProblem.NotificationsOff || !isForbidden) add(finding(problem))
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

fun checkPage(health: PhoneHealth, pushes: List<StationPush>, practises: Boolean): Page {
    val rows = buildList {
        val findings = findings(health)
        if (findings.isEmpty()) add(Row.Line(Saying(Text.AllWell)))
        for (finding in findings) {
            add(Row.Line(finding.text))
            addAll(finding.mend)
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

private fun finding(problem: RingProblem): Finding {
    val text = when (problem) {
        RingProblem.NotificationsOff -> Text.NotificationsOff
        RingProblem.RingChannelOff -> Text.ChannelOff
        RingProblem.ScreenStaysDark -> Text.StaysDark
        RingProblem.BackgroundRestricted -> Text.Restricted
        RingProblem.NoTelecom -> Text.NoTelecom
    }
    val action = problem.settings ?: return Finding(Saying(text))
    return Finding(Saying(text), settings(action, isOfApp = true))
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
