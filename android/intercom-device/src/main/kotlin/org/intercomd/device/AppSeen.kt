// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** Tells when this app comes to be seen: not when one of its screens follows another. */
internal class AppSeen(private val told: () -> Unit) : Application.ActivityLifecycleCallbacks {
    private val started = HashSet<Activity>()

    override fun onActivityStarted(activity: Activity) {
        val isFirst = started.isEmpty()
        started += activity
        if (isFirst) told()
    }

    override fun onActivityStopped(activity: Activity) {
        started -= activity
    }

    override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit

    override fun onActivityResumed(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
