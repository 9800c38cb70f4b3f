// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification

/** A call that was joined, as the service shows it. */
internal class OngoingCall(
    val conditions: ServiceConditions,
    /** In the style that only a service's notification may have. */
    val styled: Notification,
    /** For when there can be no service. */
    val plain: Notification,
)
