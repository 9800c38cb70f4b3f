// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import android.app.KeyguardManager
import android.content.pm.PackageManager
import android.os.Build
import android.os.PowerManager
import org.intercomd.app.App
import org.intercomd.app.page.PhoneHealth
import org.intercomd.intercom.permission.NeededPermission

/** As Android says at the moment. */
internal fun App.phoneHealth(): PhoneHealth {
    val needed = NeededPermission.on(Build.VERSION.SDK_INT, applicationInfo.targetSdkVersion)
    val power = getSystemService(PowerManager::class.java)
    val conditions = intercom.conditions()
    return PhoneHealth(
        problems = conditions.problems(),
        turnedOff = conditions.turnedOff.map { it.name },
        missing = needed.filter {
            checkSelfPermission(it.permission) != PackageManager.PERMISSION_GRANTED
        },
        hasScreenLock = getSystemService(KeyguardManager::class.java)?.isDeviceSecure == true,
        savesBattery = power?.isIgnoringBatteryOptimizations(packageName) == false,
        distributors = device.distributor.possible,
        distributor = device.distributor.chosen,
    )
}
