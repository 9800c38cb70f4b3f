// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import android.app.KeyguardManager
import android.app.NotificationManager
import android.content.pm.PackageManager
import android.media.AudioManager
import android.os.Build
import android.os.PowerManager
import org.intercomd.app.App
import org.intercomd.app.page.PhoneHealth
import org.intercomd.app.page.PushApp
import org.intercomd.intercom.permission.NeededPermission

/** As Android says at the moment. */
internal fun App.phoneHealth(): PhoneHealth {
    val power = getSystemService(PowerManager::class.java)
    val sound = getSystemService(AudioManager::class.java)
    val notices = getSystemService(NotificationManager::class.java)
    val conditions = intercom.conditions()
    return PhoneHealth(
        problems = conditions.problems(),
        turnedOff = conditions.turnedOff.map { it.name },
        missing = missingPermissions(),
        hasScreenLock = getSystemService(KeyguardManager::class.java)?.isDeviceSecure == true,
        savesBattery = power?.isIgnoringBatteryOptimizations(packageName) == false,
        distributors = device.distributor.possible.map { PushApp(it, label(it)) },
        distributor = device.distributor.chosen,
        isSilent = sound != null && sound.ringerMode != AudioManager.RINGER_MODE_NORMAL,
        isQuiet = notices?.currentInterruptionFilter in QUIET,
    )
}

internal fun App.missingPermissions(): List<NeededPermission> =
    NeededPermission.on(Build.VERSION.SDK_INT, applicationInfo.targetSdkVersion)
        .filter { checkSelfPermission(it.permission) != PackageManager.PERMISSION_GRANTED }

/** What the person calls the app of this package. */
private fun App.label(of: String): String = try {
    "${packageManager.getApplicationLabel(packageManager.getApplicationInfo(of, 0))}"
} catch (_: PackageManager.NameNotFoundException) {
    of
}

private val QUIET = setOf(
    NotificationManager.INTERRUPTION_FILTER_PRIORITY,
    NotificationManager.INTERRUPTION_FILTER_ALARMS,
    NotificationManager.INTERRUPTION_FILTER_NONE,
)
