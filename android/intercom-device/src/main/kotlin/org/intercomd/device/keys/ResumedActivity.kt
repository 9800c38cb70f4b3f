// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.keys

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** The screen of this app that the person looks at, whichever module it is of. */
internal class ResumedActivity(private val changed: () -> Unit = {}) :
    Application.ActivityLifecycleCallbacks {
    @Volatile
    private var resumed: Activity? = null

    fun activity(): Activity? = resumed

    override fun onActivityResumed(activity: Activity) {
        resumed = activity
        changed()
    }

    override fun onActivityPaused(activity: Activity) {
        if (resumed === activity) resumed = null
    }

    override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit

    override fun onActivityStarted(activity: Activity) = Unit

    override fun onActivityStopped(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
