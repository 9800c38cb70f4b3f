// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.sdk

import android.annotation.TargetApi
import android.view.View

@TargetApi(28)
internal object Since28 {
    fun isHeading(view: View) {
        view.isAccessibilityHeading = true
    }
}
