// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Activity
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.net.Uri
import org.intercomd.intercom.screen.CallActivity
import org.intercomd.intercom.screen.IncomingCallActivity
import org.intercomd.phone.link.message.CallId

/** What can be pressed in a notification. */
internal enum class CallAction {
    Accept,
    Decline,
    HangUp,
    Mute,
    Unmute,
    Resume,
    ;

    val action = "org.intercomd.intercom.${name.uppercase()}"

    companion object {
        fun of(intent: Intent?): CallAction? = entries.find { it.action == intent?.action }

        fun station(intent: Intent?): String? =
            intent?.data?.takeIf { it.scheme == SCHEME }?.schemeSpecificPart

        fun call(intent: Intent?): CallId? =
            intent?.getLongExtra(CALL, NONE)?.takeIf { it != NONE }?.let(::CallId)

        internal const val SCHEME = "intercom-station"
        internal const val CALL = "call"
        private const val NONE = -1L
    }
}

/** The intents of the notifications of one station. */
internal class CallIntents(private val context: Context, private val station: String) {
    /** An activity: since Android 12 a receiver that is pressed cannot start one. */
    fun accept(): PendingIntent = open(context, accepted())

    fun openCall(): PendingIntent = open(context, call())

    fun openRing(): PendingIntent = open(context, ring())

    fun accepted(): Intent = screen(CallActivity::class.java, CallAction.Accept.action)

    fun call(): Intent = screen(CallActivity::class.java, Intent.ACTION_VIEW)

    fun ring(): Intent = screen(IncomingCallActivity::class.java, Intent.ACTION_VIEW)

    /** Nothing is to be seen afterwards. */
    fun broadcast(action: CallAction, cid: CallId? = null): PendingIntent {
        val intent =
            Intent(action.action, data(), context, CallActionReceiver::class.java)
                .addFlags(Intent.FLAG_RECEIVER_FOREGROUND)
        if (cid != null) intent.putExtra(CallAction.CALL, cid.number)
        return PendingIntent.getBroadcast(context, 0, intent, FLAGS)
    }

    private fun screen(screen: Class<out Activity>, action: String): Intent =
        Intent(action, data(), context, screen)
            .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_SINGLE_TOP)

    /** Tells the pending intents of two stations apart. */
    private fun data(): Uri = Uri.fromParts(CallAction.SCHEME, station, null)

    companion object {
        private const val FLAGS = PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE

        fun open(context: Context, screen: Intent): PendingIntent =
            PendingIntent.getActivity(context, 0, screen, FLAGS)
    }
}
