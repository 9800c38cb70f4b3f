// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.notification

import android.app.Activity
import android.app.Notification
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Intent
import android.media.AudioAttributes
import android.net.Uri
import android.os.Build
import org.intercomd.intercom.Installed
import org.intercomd.intercom.call.FakeConnection
import org.intercomd.intercom.call.StationSettings
import org.intercomd.intercom.permission.RingProblem
import org.intercomd.intercom.permission.intent
import org.intercomd.intercom.screen.CallActivity
import org.intercomd.intercom.screen.IncomingCallActivity
import org.intercomd.phone.call.Button
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowPowerManager

@RunWith(RobolectricTestRunner::class)
class NotificationsTest {
    @get:Rule
    internal val app = Installed()

    @Test
    fun `a ring fills the screen, insists, and stops by itself`() {
        app.ringsAloud()
        val ring = checkNotNull(ring())
        assertEquals("Front door", title(ring))
        assertEquals(
            "Somebody is at the door for Miller",
            ring.extras.getString(Notification.EXTRA_TEXT),
        )
        assertEquals(Notification.CATEGORY_CALL, ring.category)
        assertTrue(ring.flags and Notification.FLAG_INSISTENT != 0)
        assertTrue(ring.flags and Notification.FLAG_ONGOING_EVENT != 0)
        assertTrue(ring.timeoutAfter in 47_000..51_000)
        assertEquals(IncomingCallActivity::class.java.name, opens(ring.fullScreenIntent))
        val channel = channel(ring)
        assertEquals(NotificationManager.IMPORTANCE_HIGH, channel.importance)
        assertNotNull(channel.sound)
        assertEquals(
            AudioAttributes.USAGE_NOTIFICATION_RINGTONE,
            channel.audioAttributes.usage,
        )
    }

    @Test
    fun `a phone that a push woke stays awake until the ring is heard`() {
        app.rings()
        val lock = ShadowPowerManager.getLatestWakeLock()
        assertTrue(lock.isHeld)
        assertEquals("intercom:ring", shadowOf(lock).tag)
        app.pass(seconds = 2)
        app.ends(Status.Missed)
        app.pass(seconds = 4)
        assertFalse(lock.isHeld)
    }

    @Test
    fun `what the station says while it rings does not take its sound`() {
        app.ringsAloud()
        val posted = checkNotNull(ring()).`when`
        app.hasGate()
        app.rings()
        val ring = checkNotNull(ring())
        assertEquals("shown once", posted, ring.`when`)
        // Android silences one that insists and alerts only once.
        assertTrue(ring.flags and Notification.FLAG_INSISTENT != 0)
        assertTrue(ring.flags and Notification.FLAG_ONLY_ALERT_ONCE == 0)
        app.press(Button.Silence)
        assertTrue(checkNotNull(ring()).flags and Notification.FLAG_ONLY_ALERT_ONCE != 0)
    }

    @Test
    fun `what a process that died had shown is not there for the next one`() {
        app.ringsAloud()
        assertNotNull(ring())
        app.install()
        assertNull(ring())
    }

    @Test
    fun `accept opens a screen, decline does not`() {
        app.ringsAloud()
        val (accept, decline) = buttons(checkNotNull(ring()))
        assertTrue(shadowOf(accept).isActivity)
        assertEquals(CallActivity::class.java.name, opens(accept))
        assertTrue(shadowOf(decline).isBroadcast)
        assertEquals(Installed.CID, CallAction.call(shadowOf(decline).savedIntent))
        if (Build.VERSION.SDK_INT >= 31) assertTrue(accept.isImmutable && decline.isImmutable)
    }

    @Test
    fun `what is pressed gets to the call`() {
        app.ringsAloud()
        broadcast(CallAction.Decline)
        assertNull(ring())
        app.ends(Status.Rejected)
        app.joins()
        broadcast(CallAction.Mute)
        broadcast(CallAction.Unmute)
        broadcast(CallAction.Resume)
        broadcast(CallAction.HangUp)
        val expected =
            listOf(
                Button.Decline,
                Button.Answer,
                Button.Mute(true),
                Button.Mute(false),
                Button.Hold(false),
                Button.HangUp,
            )
        assertEquals(expected, app.pressed)
    }

    @Test
    fun `what is pressed for a station that is gone does nothing`() {
        val receiver = CallActionReceiver()
        receiver.onReceive(app.application, Intent(CallAction.HangUp.action))
        val gone = Uri.fromParts(CallAction.SCHEME, "gone", null)
        receiver.onReceive(app.application, Intent(CallAction.HangUp.action, gone))
        receiver.onReceive(app.application, null)
        assertEquals(emptyList<Button>(), app.pressed)
    }

    @Test
    fun `silenced it goes to a channel without a sound`() {
        app.ringsAloud()
        app.calls.silence()
        val ring = checkNotNull(ring())
        assertNull(channel(ring).sound)
        assertFalse(ring.flags and Notification.FLAG_INSISTENT != 0)
    }

    @Test
    fun `a missed call is told until it turns out otherwise`() {
        app.ringsAloud()
        app.ends(Status.Missed)
        assertNull(ring())
        assertEquals("Front door", title(app.notifications.allNotifications.single()))
        assertNotNull(app.notifications.getNotification("abc/7", AndroidNotices.MISSED))
    }

    @Test
    fun `the end of the pairing is told, until the station is gone or paired anew`() {
        val ends = listOf(
            { app.intercom.remove("abc") },
            { app.intercom.add(Installed.STATION, app) },
        )
        for (end in ends) {
            app.ringsAloud()
            app.calls.revoked()
            val told = app.notifications.allNotifications.single()
            assertEquals("Front door", title(told))
            val text = told.extras.getString(Notification.EXTRA_TEXT)
            assertEquals("This phone is not paired any more, and does not ring", text)
            assertEquals(NotificationManager.IMPORTANCE_DEFAULT, channel(told).importance)
            end()
            assertEquals(0, app.notifications.allNotifications.size)
            app.install()
        }
    }

    @Test
    fun `a quiet station is found in the shade, where it can be answered`() {
        app.intercom.change("abc", StationSettings(isQuiet = true))
        app.rings()
        val ring = checkNotNull(ring())
        assertNull(ring.fullScreenIntent)
        assertFalse(ring.flags and Notification.FLAG_INSISTENT != 0)
        assertNull("Android refuses it", ring.extras.getString(Notification.EXTRA_TEMPLATE))
        val channel = channel(ring)
        assertEquals(NotificationManager.IMPORTANCE_LOW, channel.importance)
        assertNull(channel.sound)
        val buttons = ring.actions.map { "${it.title}" }
        assertEquals(listOf("Decline", "Accept"), buttons)
        assertEquals(CallActivity::class.java.name, opens(ring.actions[1].actionIntent))
        app.ends(Status.Missed)
        val missed = app.notifications.getNotification("abc/7", AndroidNotices.MISSED)
        assertEquals(NotificationManager.IMPORTANCE_LOW, channel(missed).importance)
    }

    @Test
    fun `notifications that are off are seen`() {
        app.notifications.setNotificationsEnabled(false)
        val intercom = app.install()
        assertTrue(RingProblem.NotificationsOff in intercom.conditions().problems())
        app.ringsAloud()
        assertNull(ring())
        // Since API 33 those that Telecom has are exempt, with the call style.
        assertTrue(app.calls.created(number = 1, FakeConnection()))
        assertEquals(Build.VERSION.SDK_INT >= 33, ring() != null)
    }

    @Test
    fun `where nothing can be posted, an app that is seen opens the screen`() {
        app.notifications.setNotificationsEnabled(false)
        app.ringsAloud()
        assertNull("nobody sees it", shadowOf(app.application).nextStartedActivity)
        app.ends(Status.Missed)
        Robolectric.buildActivity(Activity::class.java).setup()
        app.ringsAloud()
        val opened = shadowOf(app.application).nextStartedActivity?.component?.className
        assertEquals(IncomingCallActivity::class.java.name, opened)
    }

    /** Robolectric's Android denies it from API 34 on, and has nothing to allow it by. */
    @Test
    fun `a screen that may not be filled is seen, and it rings all the same`() {
        val problems = app.install().conditions().problems()
        assertEquals(Build.VERSION.SDK_INT >= 34, RingProblem.ScreenStaysDark in problems)
        val intent = RingProblem.ScreenStaysDark.intent(app.application)
        assertEquals("android.settings.MANAGE_APP_USE_FULL_SCREEN_INTENT", intent?.action)
        assertEquals("package:${app.application.packageName}", intent?.dataString)
        app.ringsAloud()
        assertNotNull(ring())
    }

    private fun ring(): Notification? =
        app.notifications.getNotification("abc", AndroidNotices.RING)

    private fun channel(notification: Notification) =
        app.application.notifications.getNotificationChannel(notification.channelId)

    private fun title(notification: Notification) =
        notification.extras.getString(Notification.EXTRA_TITLE)

    private fun opens(intent: PendingIntent) = shadowOf(intent).savedIntent.component?.className

    /** Accept and decline. */
    @Suppress("DEPRECATION")
    private fun buttons(ring: Notification): Pair<PendingIntent, PendingIntent> {
        if (Build.VERSION.SDK_INT <
            31
        ) {
            return ring.actions[1].actionIntent to ring.actions[0].actionIntent
        }
        val template = ring.extras.getString(Notification.EXTRA_TEMPLATE)
        assertEquals("android.app.Notification\$CallStyle", template)
        fun button(name: String) = checkNotNull(ring.extras.getParcelable<PendingIntent>(name))
        return button(Notification.EXTRA_ANSWER_INTENT) to
            button(Notification.EXTRA_DECLINE_INTENT)
    }

    private fun broadcast(action: CallAction) {
        val intent = shadowOf(CallIntents(app.application, "abc").broadcast(action)).savedIntent
        CallActionReceiver().onReceive(app.application, intent)
    }
}
