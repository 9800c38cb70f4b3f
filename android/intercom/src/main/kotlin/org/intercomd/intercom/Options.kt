// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Activity
import android.net.Uri
import android.view.View
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.notification.OngoingLook

/** What an app may have its own way. */
data class Options(
    /** What a station rings with until the person chooses. Null: the ringtone of the phone. */
    val ringtone: Uri? = null,
    val ongoing: OngoingLook = OngoingLook(),
    /** This handset sends a picture in calls. */
    val sendsPicture: Boolean = false,
    /** What is to be seen of the station on the screens of a call. */
    val picture: (Activity, Station) -> View? = { _, _ -> null },
)
