// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.permission

/** What the person is to be asked for, and what is left without it. */
enum class NeededPermission(val permission: String, val since: Int) {
    /** Without it the visitor hears nothing. */
    Microphone("android.permission.RECORD_AUDIO", since = 26),

    /**
     * Without it nothing is missed visibly, and the notification of a ring needs the call style,
     * which Android lets those show that register with Telecom.
     */
    Notifications("android.permission.POST_NOTIFICATIONS", since = 33),

    /** Without it no station is reached in the home network. */
    LocalNetwork("android.permission.ACCESS_LOCAL_NETWORK", since = 37),
    ;

    companion object {
        /** Local networks are closed to those only that are made for Android 17. */
        fun on(sdk: Int, targetSdk: Int): List<NeededPermission> =
            entries.filter { sdk >= it.since && (it != LocalNetwork || targetSdk >= it.since) }
    }
}
