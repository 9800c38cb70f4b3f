// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationChannelGroup
import android.app.NotificationManager
import android.content.Context
import android.media.AudioAttributes
import android.media.RingtoneManager
import android.net.Uri
import android.os.Build
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.sdk.Since28
import org.intercomd.intercom.text.Text
import org.intercomd.intercom.text.Texts

/**
 * A channel is as it was when it was first created, whatever is said later, but for its name. So
 * what is to be different gets another id, and the ids of old are deleted. How each station rings
 * is the person's choice, on Android's page of its channel; [ringtone] is what it begins with.
 */
internal class Channels(context: Context, private val texts: Texts, private val ringtone: Uri?) {
    private val notifications = context.notifications

    val quietRing = "${PREFIX}quiet_ring_v1"
    val aside = "${PREFIX}aside_v1"
    val ongoing = "${PREFIX}ongoing_v1"
    val missed = "${PREFIX}missed_v1"

    fun ring(station: String) = RING + station

    /** Those of stations stay: who is paired is not known yet. */
    fun create() {
        val ours = setOf(quietRing, aside, ongoing, missed)
        delete { it.startsWith(PREFIX) && !it.startsWith(RING) && it !in ours }
        notifications.createNotificationChannels(
            listOf(
                channel(quietRing, Text.ChannelQuietRing, NotificationManager.IMPORTANCE_HIGH)
                    .quiet(),
                channel(aside, Text.ChannelAside, NotificationManager.IMPORTANCE_LOW).quiet(),
                channel(ongoing, Text.ChannelOngoing, NotificationManager.IMPORTANCE_DEFAULT)
                    .quiet(),
                channel(missed, Text.ChannelMissed, NotificationManager.IMPORTANCE_DEFAULT),
            ),
        )
    }

    /** One that was there before, or was deleted, is as the person left it. */
    fun add(station: Station) {
        notifications.createNotificationChannelGroup(
            NotificationChannelGroup(RINGS, texts.of(Text.ChannelRing)),
        )
        val importance = NotificationManager.IMPORTANCE_HIGH
        notifications.createNotificationChannel(
            channel(ring(station.id), station.name, importance).apply {
                group = RINGS
                setSound(ringtone ?: usualRingtone(), asRingtone)
                enableVibration(true)
                vibrationPattern = longArrayOf(0, 800, 800)
            },
        )
    }

    fun remove(station: String) = notifications.deleteNotificationChannel(ring(station))

    fun keepOnly(stations: Set<String>) {
        val theirs = stations.map(::ring)
        delete { it.startsWith(RING) && it !in theirs }
    }

    /** The person has turned off neither the rings of this station nor those of all. */
    fun isOn(station: String): Boolean {
        val channel = notifications.getNotificationChannel(ring(station))
        return channel?.importance != NotificationManager.IMPORTANCE_NONE && areRingsOn()
    }

    private fun areRingsOn(): Boolean {
        if (Build.VERSION.SDK_INT < 28) return true
        val rings = notifications.notificationChannelGroups.find { it.id == RINGS }
        return rings == null || !Since28.isBlocked(rings)
    }

    private fun delete(isOld: (String) -> Boolean) =
        notifications.notificationChannels.map { it.id }.filter(isOld)
            .forEach(notifications::deleteNotificationChannel)

    private fun channel(id: String, name: Text, importance: Int) =
        channel(id, texts.of(name), importance)

    private fun channel(id: String, name: String, importance: Int) =
        NotificationChannel(id, name, importance).apply {
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
        const val PREFIX = "intercom_"

        /** The rest is the station's id. */
        const val RING = "${PREFIX}ring_v2_"

        /** The group of the channels that ring. */
        const val RINGS = "${PREFIX}rings"
    }
}
