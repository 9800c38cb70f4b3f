// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import org.intercomd.intercom.Intercom

/** Decline, hang up, mute and resume, pressed in a notification. */
class CallActionReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent?) {
        val station = CallAction.station(intent) ?: return
        val calls = Intercom.installed?.calls(station) ?: return
        when (CallAction.of(intent)) {
            CallAction.Decline -> calls.decline(CallAction.call(intent))

            CallAction.HangUp -> calls.leave()

            CallAction.Mute -> calls.mute(true)

            CallAction.Unmute -> calls.mute(false)

            CallAction.Resume -> calls.hold(false)

            // Is an activity's.
            CallAction.Accept, null -> Unit
        }
    }
}
