// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.NotificationManager
import android.os.OutcomeReceiver
import android.telecom.CallEndpoint
import android.telecom.CallEndpointException
import android.telecom.Connection
import org.intercomd.intercom.audio.Route

@TargetApi(34)
internal object Since34 {
    fun canUseFullScreenIntent(notifications: NotificationManager): Boolean =
        notifications.canUseFullScreenIntent()

    /** [endpoints] are those that Telecom told of. */
    fun request(connection: Connection, endpoints: List<Any>, route: Route) {
        val endpoint =
            endpoints.filterIsInstance<CallEndpoint>().find { it.endpointType == route.endpoint }
        if (endpoint != null) {
            connection.requestCallEndpointChange(endpoint, Runnable::run, AsItIs)
        }
    }

    /** Refused: the sound stays where it is. */
    private object AsItIs : OutcomeReceiver<Void, CallEndpointException> {
        override fun onResult(result: Void?) = Unit
    }
}
