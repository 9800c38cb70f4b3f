// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification
import android.app.Service
import android.os.Build
import org.intercomd.intercom.notification.AndroidNotices
import org.intercomd.intercom.sdk.Since29

internal class AndroidForeground(private val service: Service) : ForegroundSystem {
    override fun enter(notification: Notification, types: Set<ServiceType>) {
        if (Build.VERSION.SDK_INT >= 29) {
            val bits = types.fold(0) { bits, type -> bits or type.bit }
            Since29.startForeground(service, AndroidNotices.SERVICE, notification, bits)
        } else {
            service.startForeground(AndroidNotices.SERVICE, notification)
        }
    }

    override fun leave() = service.stopForeground(Service.STOP_FOREGROUND_REMOVE)
}
