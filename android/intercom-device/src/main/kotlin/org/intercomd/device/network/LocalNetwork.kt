// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build

/** The network at home, which Android 17 opens to those only that the person lets in. */
object LocalNetwork {
    const val PERMISSION = "android.permission.ACCESS_LOCAL_NETWORK"
    private const val ANDROID_17 = 37

    /** Then no station is reached there, whatever the network is like. */
    fun isClosed(context: Context): Boolean = isClosed(
        Build.VERSION.SDK_INT,
        context.applicationInfo.targetSdkVersion,
        context.checkSelfPermission(PERMISSION) == PackageManager.PERMISSION_GRANTED,
    )

    internal fun isClosed(sdk: Int, targetSdk: Int, isGranted: Boolean): Boolean =
        sdk >= ANDROID_17 && targetSdk >= ANDROID_17 && !isGranted
}
