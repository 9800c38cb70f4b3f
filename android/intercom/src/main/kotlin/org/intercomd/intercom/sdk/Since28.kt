// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.ActivityManager

@TargetApi(28)
internal object Since28 {
    fun isBackgroundRestricted(activities: ActivityManager): Boolean =
        activities.isBackgroundRestricted
}
