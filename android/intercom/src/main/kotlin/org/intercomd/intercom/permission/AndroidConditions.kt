// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.permission

import android.app.ActivityManager
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.provider.Settings
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.notification.notifications
import org.intercomd.intercom.sdk.Since28
import org.intercomd.intercom.sdk.Since34

internal fun Context.ringConditions(
    turnedOff: List<Station>,
    isTelecomThere: Boolean,
): RingConditions {
    val activities = checkNotNull(getSystemService(ActivityManager::class.java))
    val sdk = Build.VERSION.SDK_INT
    return RingConditions(
        sdk = sdk,
        areNotificationsOn = notifications.areNotificationsEnabled(),
        turnedOff = turnedOff,
        mayFillScreen = sdk < 34 || Since34.canUseFullScreenIntent(notifications),
        isBackgroundRestricted = sdk >= 28 && Since28.isBackgroundRestricted(activities),
        isTelecomThere = isTelecomThere,
    )
}

internal fun Context.isGranted(permission: String): Boolean =
    checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED

/** The page of the system's settings where the person mends it. */
fun RingProblem.intent(context: Context): Intent? = settings?.let { action ->
    Intent(action).apply {
        addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        if (action == Settings.ACTION_APP_NOTIFICATION_SETTINGS) {
            putExtra(Settings.EXTRA_APP_PACKAGE, context.packageName)
        } else {
            data = Uri.fromParts("package", context.packageName, null)
        }
    }
}
