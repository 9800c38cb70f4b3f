// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Notification

/**
 * What the app wants to be different about the notification of an ongoing call. It is looked at
 * when a call is joined.
 */
data class OngoingLook(
    val title: String? = null,
    val text: String? = null,
    /** A channel that the app has created. */
    val channel: String? = null,
    /** In place of everything else. */
    val notification: Notification? = null,
)
