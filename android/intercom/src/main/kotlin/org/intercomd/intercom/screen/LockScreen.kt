// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.app.Activity
import android.os.Build
import android.view.WindowManager.LayoutParams
import org.intercomd.intercom.sdk.Since27

/** The manifest says the same, which Android below 8.1 does not read. */
@Suppress("DEPRECATION")
internal fun Activity.showOverLockScreen() {
    if (Build.VERSION.SDK_INT >= 27) {
        Since27.showOverLockScreen(this)
    } else {
        window.addFlags(LayoutParams.FLAG_SHOW_WHEN_LOCKED or LayoutParams.FLAG_TURN_SCREEN_ON)
    }
    window.addFlags(LayoutParams.FLAG_KEEP_SCREEN_ON)
}
