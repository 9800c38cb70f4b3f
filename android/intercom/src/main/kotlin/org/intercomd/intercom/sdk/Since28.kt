// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.ActivityManager
import android.app.NotificationChannelGroup

@TargetApi(28)
internal object Since28 {
    fun isBackgroundRestricted(activities: ActivityManager): Boolean =
        activities.isBackgroundRestricted

    fun isBlocked(group: NotificationChannelGroup): Boolean = group.isBlocked
}
