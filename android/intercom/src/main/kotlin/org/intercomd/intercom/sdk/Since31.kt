// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.sdk

import android.annotation.TargetApi
import android.app.Notification
import android.app.Notification.CallStyle
import android.app.PendingIntent
import android.app.Person
import android.media.AudioDeviceInfo
import android.media.AudioManager
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.routeOf

@TargetApi(31)
internal object Since31 {
    fun rings(
        builder: Notification.Builder,
        name: String,
        isVideo: Boolean,
        decline: PendingIntent,
        accept: PendingIntent,
    ) {
        val style = CallStyle.forIncomingCall(person(name), decline, accept)
        builder.setStyle(style.setIsVideo(isVideo))
    }

    fun isOngoing(builder: Notification.Builder, name: String, hangUp: PendingIntent) {
        builder.setStyle(CallStyle.forOngoingCall(person(name), hangUp))
        builder.setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
    }

    fun devices(audio: AudioManager): List<AudioDeviceInfo> = audio.availableCommunicationDevices

    fun use(audio: AudioManager, route: Route) {
        val device = devices(audio).find { routeOf(it) == route }
        if (device == null) useDefault(audio) else audio.setCommunicationDevice(device)
    }

    fun useDefault(audio: AudioManager) = audio.clearCommunicationDevice()

    private fun person(name: String): Person =
        Person.Builder().setName(name).setImportant(true).build()
}
