// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Notification
import android.app.PendingIntent
import android.content.Context
import android.graphics.drawable.Icon
import android.os.Build
import android.os.SystemClock
import org.intercomd.intercom.call.Missed
import org.intercomd.intercom.call.Notice
import org.intercomd.intercom.call.Notice.Ring.Manner
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.permission.RingConditions
import org.intercomd.intercom.permission.RingStyle
import org.intercomd.intercom.sdk.Since31
import org.intercomd.intercom.text.Text
import org.intercomd.intercom.text.Texts

/** What the notifications look like. */
internal class CallNotifications(
    private val context: Context,
    private val texts: Texts,
    private val channels: Channels,
) {
    fun ring(ring: Notice.Ring, style: RingStyle): Notification {
        val intents = CallIntents(context, ring.station.id)
        val left = ring.until.millis - SystemClock.elapsedRealtime()
        val builder =
            builder(channel(ring), INCOMING)
                .setContentTitle(ring.station.name)
                .setContentText(
                    ring.contact?.let { texts.of(Text.RingsFor, it) } ?: texts.of(Text.Rings),
                )
                .setCategory(Notification.CATEGORY_CALL)
                .setContentIntent(intents.openRing())
                .setOngoing(true)
                // Android takes the sound from an insistent one that alerts only once.
                .setOnlyAlertOnce(ring.manner != Manner.Loud)
                // Should this process be gone by then, nobody else would stop it.
                .setTimeoutAfter(left.coerceAtLeast(0) + GRACE)
        if (ring.manner != Manner.Aside) builder.setFullScreenIntent(intents.openRing(), true)
        val decline = intents.broadcast(CallAction.Decline, ring.cid)
        if (style == RingStyle.Call && Build.VERSION.SDK_INT >= RingConditions.CALL_STYLE) {
            val name = ring.station.name
            Since31.rings(builder, name, ring.isVideo, decline, intents.accept())
        } else {
            builder.addAction(action(HANG_UP, Text.Decline, decline))
            builder.addAction(action(CALL, Text.Accept, intents.accept()))
        }
        return builder.build().apply {
            if (ring.manner == Manner.Loud) flags = flags or Notification.FLAG_INSISTENT
        }
    }

    /** [isOfService]: a foreground service carries it, without which it cannot have a style. */
    fun ongoing(call: Notice.Ongoing, look: OngoingLook, isOfService: Boolean): Notification {
        look.notification?.let { return it }
        val intents = CallIntents(context, call.station.id)
        val title = look.title ?: call.station.name
        val builder =
            builder(look.channel ?: channels.ongoing, CALL)
                .setContentTitle(title)
                .setContentText(look.text ?: texts.of(state(call)))
                .setCategory(Notification.CATEGORY_CALL)
                .setContentIntent(intents.openCall())
                .setOngoing(true)
                .setOnlyAlertOnce(true)
        call.talkingSince?.let {
            val lasted = SystemClock.elapsedRealtime() - it.millis
            builder.setWhen(System.currentTimeMillis() - lasted).setUsesChronometer(true)
        }
        val hangUp = intents.broadcast(CallAction.HangUp)
        if (isOfService && Build.VERSION.SDK_INT >= RingConditions.CALL_STYLE) {
            // The style puts the name of the person in place of the title.
            Since31.isOngoing(builder, title, hangUp)
        } else {
            builder.addAction(action(HANG_UP, Text.HangUp, hangUp))
        }
        val (text, press) = when {
            call.isPaused -> Text.Resume to CallAction.Resume
            call.isMuted -> Text.Unmute to CallAction.Unmute
            else -> Text.Mute to CallAction.Mute
        }
        return builder.addAction(action(MICROPHONE, text, intents.broadcast(press))).build()
    }

    fun missed(missed: Missed): Notification {
        val channel = if (missed.isQuiet) channels.aside else channels.missed
        return opensApp(builder(channel, MISSED), missed.station, Text.Missed, MISSED_CALL)
    }

    fun revoked(station: Station): Notification {
        val builder = builder(channels.missed, WARNING)
        return opensApp(builder, station, Text.Revoked, Notification.CATEGORY_STATUS)
    }

    private fun opensApp(
        builder: Notification.Builder,
        station: Station,
        text: Text,
        category: String,
    ): Notification {
        builder.setContentTitle(station.name)
            .setContentText(texts.of(text))
            .setCategory(category)
            .setAutoCancel(true)
        val app = context.packageManager.getLaunchIntentForPackage(context.packageName)
        if (app != null) builder.setContentIntent(CallIntents.open(context, app))
        return builder.build()
    }

    private fun channel(ring: Notice.Ring): String = when (ring.manner) {
        Manner.Loud -> channels.ring(ring.station.id)
        Manner.Silenced -> channels.quietRing
        Manner.Aside -> channels.aside
    }

    private fun builder(channel: String, icon: Int) = Notification.Builder(context, channel)
        .setSmallIcon(icon)
        .setVisibility(Notification.VISIBILITY_PUBLIC)
        .setShowWhen(true)

    private fun action(icon: Int, text: Text, intent: PendingIntent) =
        Notification.Action.Builder(Icon.createWithResource(context, icon), texts.of(text), intent)
            .build()

    private companion object {
        /** It may have been told of a later end, and is not shown anew for that. */
        val GRACE = Notice.Ring.SLACK.inWholeMilliseconds + 1_000
        const val MISSED_CALL = "missed_call"

        const val INCOMING = android.R.drawable.sym_call_incoming
        const val MISSED = android.R.drawable.sym_call_missed
        const val WARNING = android.R.drawable.stat_sys_warning
        const val CALL = android.R.drawable.sym_action_call
        const val HANG_UP = android.R.drawable.ic_menu_close_clear_cancel
        const val MICROPHONE = android.R.drawable.ic_btn_speak_now
    }
}

internal fun state(call: Notice.Ongoing): Text = when {
    !call.isJoined -> Text.Connecting
    call.isOnHold -> Text.OnHold
    call.isMuted -> Text.Muted
    call.talkingSince == null -> Text.Connecting
    else -> Text.Ongoing
}
