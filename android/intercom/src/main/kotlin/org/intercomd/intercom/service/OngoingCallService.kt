// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.Service
import android.content.Context
import android.content.Intent
import android.os.IBinder
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.notification.AndroidNotices
import org.intercomd.intercom.notification.notifications

/**
 * Keeps a call alive while the app cannot be seen. It carries the notification of the call that was
 * joined last, and does nothing else.
 */
class OngoingCallService : Service() {
    private val foreground = Foreground(AndroidForeground(this))

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        isStarting = false
        // First of all, whatever comes next: who was started for the foreground has to go there.
        carry(Intercom.installed?.ongoing())
        return START_NOT_STICKY
    }

    override fun onDestroy() {
        if (running === this) running = null
        foreground.stop()
        super.onDestroy()
    }

    /** A call may have ended between the wish to start and the start. */
    private fun carry(call: OngoingCall?) {
        val isThere = foreground.start(call?.styled ?: nothing())
        if (call == null || !isThere) {
            end()
            if (call != null) post(this, call)
        } else {
            running = this
            foreground.extend(call.conditions, call.styled)
        }
    }

    private fun refresh(call: OngoingCall) {
        // Android refuses the style if it let the service down without a word.
        val isShown = attempt { notifications.notify(AndroidNotices.SERVICE, call.styled) }
        if (!isShown) post(this, call)
        foreground.extend(call.conditions, call.styled)
    }

    private fun end() {
        foreground.stop()
        stopSelf()
    }

    private fun nothing(): Notification =
        Notification.Builder(this, Intercom.installed?.ongoingChannel ?: channelOfNothing())
            .setSmallIcon(android.R.drawable.sym_action_call)
            .build()

    /** A service whose notification has no channel is killed. */
    private fun channelOfNothing(): String {
        val importance = NotificationManager.IMPORTANCE_LOW
        val channel = NotificationChannel(NOTHING, packageName, importance)
        notifications.createNotificationChannel(channel)
        return NOTHING
    }

    companion object {
        private const val NOTHING = "intercom_nothing"
        private var running: OngoingCallService? = null
        private var isStarting = false

        /** Does nothing without a call that was joined. Again: looks at it anew. */
        fun launch(context: Context) {
            val call = Intercom.installed?.ongoing() ?: return
            val running = running
            when {
                running != null -> running.refresh(call)

                // What is to be seen is asked for when it starts.
                isStarting -> Unit

                else -> {
                    isStarting = attempt {
                        checkNotNull(context.startForegroundService(intent(context)))
                    }
                    if (!isStarting) post(context, call)
                }
            }
        }

        /** Does nothing if it does not run. */
        fun abort(context: Context) {
            // One that is starting has to come to the foreground before it may stop.
            running?.end()
            running = null
            context.notifications.cancel(AndroidNotices.SERVICE)
        }

        private fun intent(context: Context) = Intent(context, OngoingCallService::class.java)

        private fun post(context: Context, call: OngoingCall) =
            context.notifications.notify(AndroidNotices.SERVICE, call.plain)
    }
}
