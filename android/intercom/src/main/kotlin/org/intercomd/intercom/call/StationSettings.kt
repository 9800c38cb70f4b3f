// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

/** What the person wants of a station's calls on this phone. Its ringtone is Android's matter. */
data class StationSettings(
    /** Do not disturb: its rings are among the notifications, unheard, and the screen stays dark. */
    val isQuiet: Boolean = false,
    /** Whoever has not unlocked the phone may accept, and sees the station's picture. */
    val answersLocked: Boolean = true,
)
