// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.content.Context
import android.media.AudioAttributes
import android.media.RingtoneManager
import android.net.Uri
import org.intercomd.intercom.text.Text
import org.intercomd.intercom.text.Texts

/**
 * A channel is as it was when it was first created, whatever is said later. So what is to be
 * different gets another id, and the ids of old are deleted.
 */
internal class Channels(context: Context, private val texts: Texts, private val ringtone: Uri?) {
    private val notifications = context.notifications

    val ring = "${RING}_v${VERSION}_${(ringtone?.toString() ?: "").hashCode().toUInt()}"
    val quietRing = "${QUIET_RING}_v$VERSION"
    val ongoing = "${ONGOING}_v$VERSION"
    val missed = "${MISSED}_v$VERSION"

    fun create() {
        val ours = setOf(ring, quietRing, ongoing, missed)
        notifications.notificationChannels.map { it.id }
            .filter { it.startsWith(PREFIX) && it !in ours }
            .forEach(notifications::deleteNotificationChannel)
        notifications.createNotificationChannels(
            listOf(
                channel(ring, Text.ChannelRing, NotificationManager.IMPORTANCE_HIGH).apply {
                    setSound(ringtone ?: usualRingtone(), asRingtone)
                    enableVibration(true)
                    vibrationPattern = longArrayOf(0, 800, 800)
                },
                channel(quietRing, Text.ChannelQuietRing, NotificationManager.IMPORTANCE_HIGH)
                    .quiet(),
                channel(ongoing, Text.ChannelOngoing, NotificationManager.IMPORTANCE_DEFAULT)
                    .quiet(),
                channel(missed, Text.ChannelMissed, NotificationManager.IMPORTANCE_DEFAULT),
            ),
        )
    }

    private fun channel(id: String, name: Text, importance: Int) =
        NotificationChannel(id, texts.of(name), importance).apply {
            lockscreenVisibility = Notification.VISIBILITY_PUBLIC
        }

    private fun NotificationChannel.quiet() = apply {
        setSound(null, null)
        enableVibration(false)
    }

    private fun usualRingtone(): Uri? = RingtoneManager.getDefaultUri(RingtoneManager.TYPE_RINGTONE)

    private val asRingtone =
        AudioAttributes.Builder()
            .setUsage(AudioAttributes.USAGE_NOTIFICATION_RINGTONE)
            .setContentType(AudioAttributes.CONTENT_TYPE_SONIFICATION)
            .build()

    private companion object {
        const val VERSION = 1
        const val PREFIX = "intercom_"
        const val RING = "${PREFIX}ring"
        const val QUIET_RING = "${PREFIX}quiet_ring"
        const val ONGOING = "${PREFIX}ongoing"
        const val MISSED = "${PREFIX}missed"
    }
}
