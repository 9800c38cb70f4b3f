// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.NotificationChannel
import android.app.NotificationManager
import android.net.Uri
import android.os.Build
import android.provider.Settings
import org.intercomd.intercom.Installed
import org.intercomd.intercom.Options
import org.intercomd.intercom.call.Station
import org.intercomd.intercom.permission.RingProblem
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class ChannelsTest {
    @get:Rule
    internal val app = Installed()

    private val notifications by lazy { app.application.notifications }
    private val gate = Station("def", "Gate")

    @Test
    fun `each station has a ring channel of its name, in one group`() {
        app.intercom.add(gate, app)
        val names = rings().map { "${it.name}" }
        assertEquals(setOf("Front door", "Gate"), names.toSet())
        val group = notifications.notificationChannelGroups.single()
        assertEquals("Rings", "${group.name}")
        assertEquals(setOf(group.id), rings().map { it.group }.toSet())
        app.ringsAloud()
        val ring = app.notifications.getNotification("abc", AndroidNotices.RING)
        assertEquals("Front door", "${notifications.getNotificationChannel(ring.channelId).name}")
    }

    @Test
    fun `a station that is named anew has its channel named anew`() {
        app.intercom.add(Installed.STATION.copy(name = "Garden"), app)
        assertEquals("Garden", "${rings().single().name}")
    }

    @Test
    fun `a station that is gone takes its channel along`() {
        app.intercom.add(gate, app)
        assertEquals(2, rings().size)
        app.intercom.remove("abc")
        assertEquals("Gate", "${rings().single().name}")
    }

    @Test
    fun `a station that is paired anew is as the person left it`() {
        turnOff("Front door")
        for (goes in listOf(false, true)) {
            if (goes) app.intercom.remove("abc")
            app.intercom.add(Installed.STATION, app)
            assertEquals(listOf(Installed.STATION), app.intercom.conditions().turnedOff)
            assertEquals(1, rings().size)
        }
    }

    @Test
    fun `a process that starts knows no station yet, and deletes what is of old only`() {
        for (id in listOf("intercom_ring_v1_123", "intercom_missed_v0", "others")) {
            notifications.createNotificationChannel(
                NotificationChannel(id, id, NotificationManager.IMPORTANCE_LOW),
            )
        }
        app.intercom.add(gate, app)
        val before = ids()
        app.install()
        assertEquals(setOf("intercom_ring_v1_123", "intercom_missed_v0"), before - ids())
    }

    @Test
    fun `who there is, is told, and the channels of all others go`() {
        app.intercom.add(gate, app)
        app.install()
        assertEquals(2, rings().size)
        app.intercom.keepOnly(setOf("def"))
        assertEquals("Gate", "${rings().single().name}")
        assertNull(app.intercom.calls("abc"))
        assertTrue("not of stations", app.intercom.ongoingChannel in ids())
    }

    @Test
    fun `the app's ringtone is for stations that are new`() {
        val usual = rings().single().sound
        assertNotNull(usual)
        app.install(Options(ringtone = Uri.parse("content://tones/1")))
        app.intercom.add(gate, app)
        assertEquals("content://tones/1", "${rings().single { it.name == "Gate" }.sound}")
        // Android's channels do not change their sound; its id tells that it is the same one.
        assertEquals(2, rings().size)
    }

    @Test
    fun `a station that is turned off is told by its name, and the others ring`() {
        app.intercom.add(gate, app)
        assertEquals(emptyList<Station>(), app.intercom.conditions().turnedOff)
        turnOff("Gate")
        val conditions = app.intercom.conditions()
        assertEquals(listOf(gate), conditions.turnedOff)
        assertTrue(RingProblem.RingChannelOff in conditions.problems())
        app.ringsAloud()
        assertNotNull(app.notifications.getNotification("abc", AndroidNotices.RING))
    }

    @Test
    fun `a group that is turned off takes all rings along`() {
        if (Build.VERSION.SDK_INT < 28) return
        notifications.notificationChannelGroups.single().isBlocked = true
        assertEquals(listOf(Installed.STATION), app.intercom.conditions().turnedOff)
        app.ringsAloud()
        assertNull(app.notifications.getNotification("abc", AndroidNotices.RING))
    }

    @Test
    fun `how a station rings is set on the page of its channel`() {
        val intent = app.intercom.ringSettings("abc")
        assertEquals(Settings.ACTION_CHANNEL_NOTIFICATION_SETTINGS, intent.action)
        val (name, id) = Settings.EXTRA_APP_PACKAGE to Settings.EXTRA_CHANNEL_ID
        assertEquals(app.application.packageName, intent.getStringExtra(name))
        assertEquals(rings().single().id, intent.getStringExtra(id))
    }

    private fun ids() = notifications.notificationChannels.map { it.id }.toSet()

    private fun rings() = notifications.notificationChannels.filter { it.group != null }

    /** What the person does on Android's page. */
    private fun turnOff(name: String) {
        rings().single { it.name == name }.importance = NotificationManager.IMPORTANCE_NONE
    }
}
