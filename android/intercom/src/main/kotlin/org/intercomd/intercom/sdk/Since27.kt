// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.Activity

@TargetApi(27)
internal object Since27 {
    fun showOverLockScreen(activity: Activity) {
        activity.setShowWhenLocked(true)
        activity.setTurnScreenOn(true)
    }
}
