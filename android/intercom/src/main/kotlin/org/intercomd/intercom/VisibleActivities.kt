// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** Whether any screen of this app can be seen. */
internal class VisibleActivities(private val onVisible: () -> Unit) :
    Application.ActivityLifecycleCallbacks {
    private val started = mutableSetOf<Activity>()

    fun isAny(): Boolean = started.isNotEmpty()

    override fun onActivityStarted(activity: Activity) {
        val isFirst = started.isEmpty()
        started += activity
        if (isFirst) onVisible()
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
