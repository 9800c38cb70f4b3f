// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.NotificationManager
import android.content.Context

/** Every Android has it. */
internal val Context.notifications: NotificationManager
    get() = checkNotNull(getSystemService(NotificationManager::class.java))
