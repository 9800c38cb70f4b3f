// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.permission

import org.intercomd.intercom.call.Station

/** What Android lets this app do about a ring at the moment. */
data class RingConditions(
    val sdk: Int,
    val areNotificationsOn: Boolean,
    /** Stations whose ring channel the person has turned off. */
    val turnedOff: List<Station>,
    val mayFillScreen: Boolean,
    val isBackgroundRestricted: Boolean,
    val isTelecomThere: Boolean,
) {
    /** [isInTelecom]: Telecom has this very call. */
    fun style(station: Station, isInTelecom: Boolean): RingStyle = when {
        !areNotificationsOn -> if (isExempt(isInTelecom)) RingStyle.Call else RingStyle.None
        station in turnedOff -> RingStyle.None
        sdk < CALL_STYLE || isBackgroundRestricted -> RingStyle.Plain
        else -> RingStyle.Call
    }

    /** Whoever is in a call by Telecom may show calls, and only calls, without the permission. */
    private fun isExempt(isInTelecom: Boolean) = sdk >= POST_NOTIFICATIONS && isInTelecom

    fun problems(): List<RingProblem> = buildList {
        if (!areNotificationsOn) add(RingProblem.NotificationsOff)
        if (turnedOff.isNotEmpty()) add(RingProblem.RingChannelOff)
        if (!mayFillScreen) add(RingProblem.ScreenStaysDark)
        if (isBackgroundRestricted) add(RingProblem.BackgroundRestricted)
        if (!isTelecomThere) add(RingProblem.NoTelecom)
    }

    internal companion object {
        const val CALL_STYLE = 31
        const val POST_NOTIFICATIONS = 33
    }
}

enum class RingStyle {
    /** Android's own look of a call. */
    Call,

    /** A notification with buttons. */
    Plain,

    /** Nothing can be posted: the screen of the call is opened if the app is visible. */
    None,
}

/** What a diagnostics page says, and where the person mends it. */
enum class RingProblem(
    /** An action of `android.provider.Settings`; null if there is nothing to set. */
    val settings: String?,
) {
    NotificationsOff("android.settings.APP_NOTIFICATION_SETTINGS"),
    RingChannelOff("android.settings.APP_NOTIFICATION_SETTINGS"),
    ScreenStaysDark("android.settings.MANAGE_APP_USE_FULL_SCREEN_INTENT"),
    BackgroundRestricted("android.settings.APPLICATION_DETAILS_SETTINGS"),
    NoTelecom(null),
}
