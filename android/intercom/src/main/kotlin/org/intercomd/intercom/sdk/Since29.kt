// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.Notification
import android.app.Service

@TargetApi(29)
internal object Since29 {
    fun startForeground(service: Service, id: Int, notification: Notification, types: Int) =
        service.startForeground(id, notification, types)
}
