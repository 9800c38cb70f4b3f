// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification
import android.content.ComponentName
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.os.Build
import org.intercomd.intercom.Installed
import org.intercomd.intercom.Intercom
import org.intercomd.intercom.Options
import org.intercomd.intercom.notification.AndroidNotices
import org.intercomd.intercom.notification.OngoingLook
import org.intercomd.phone.call.Button
import org.intercomd.phone.words.Status
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertSame
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf

@RunWith(RobolectricTestRunner::class)
class OngoingCallServiceTest {
    @get:Rule
    internal val app = Installed()

    @Test
    fun `it runs from joining to the end`() {
        app.rings()
        app.press(Button.Answer)
        assertNull("not joined", app.startService())
        app.joins()
        val service = checkNotNull(app.startService()).get()
        val shadow = shadowOf(service)
        assertEquals(AndroidNotices.SERVICE, shadow.lastForegroundNotificationId)
        assertFalse(shadow.isStoppedBySelf)
        app.ends(Status.Ended)
        assertTrue(shadow.isStoppedBySelf)
        assertTrue(shadow.isForegroundStopped)
        assertTrue(shadow.notificationShouldRemoved)
        assertEquals(0, app.notifications.size())
    }

    @Test
    fun `launching and aborting again changes nothing`() {
        app.joins()
        OngoingCallService.launch(app.application)
        assertNotNull(app.startService())
        OngoingCallService.launch(app.application)
        assertNull("started once", app.startService())
        app.ends(Status.Ended)
        OngoingCallService.abort(app.application)
        OngoingCallService.launch(app.application)
        assertNull("there is no call", app.startService())
    }

    @Test
    fun `one that Android does not start is asked for again`() {
        app.joins()
        app.startService()
        OngoingCallService.abort(app.application)
        OngoingCallService.launch(Deaf(app.application))
        assertNotNull(app.notifications.getNotification(AndroidNotices.SERVICE))
        OngoingCallService.launch(app.application)
        assertNotNull(app.startService())
    }

    @Test
    fun `one that is started for a call that ended comes to the foreground and goes`() {
        app.joins()
        app.ends(Status.Ended)
        val shadow = shadowOf(checkNotNull(app.startService()).get())
        assertEquals("or dies", AndroidNotices.SERVICE, shadow.lastForegroundNotificationId)
        assertTrue(shadow.isStoppedBySelf)
    }

    @Test
    fun `one that is started in an app that installed nothing does so too`() {
        app.joins()
        Intercom.uninstall()
        val shadow = shadowOf(checkNotNull(app.startService()).get())
        assertEquals(AndroidNotices.SERVICE, shadow.lastForegroundNotificationId)
        assertTrue(shadow.isStoppedBySelf)
    }

    @Test
    fun `its notification leads back, mutes and hangs up`() {
        app.joins()
        val service = checkNotNull(app.startService()).get()
        val shown = checkNotNull(shadowOf(service).lastForegroundNotification)
        assertEquals("Front door", shown.extras.getString(Notification.EXTRA_TITLE))
        assertTrue(shadowOf(shown.contentIntent).isActivity)
        if (Build.VERSION.SDK_INT >= 31) {
            val template = shown.extras.getString(Notification.EXTRA_TEMPLATE)
            assertEquals("android.app.Notification\$CallStyle", template)
        } else {
            assertEquals(listOf("Hang up", "Mute"), titles(shown))
        }
        app.calls.mute(true)
        val muted = checkNotNull(app.notifications.getNotification(AndroidNotices.SERVICE))
        assertTrue("Unmute" in titles(muted))
        assertEquals("Your microphone is off", muted.extras.getString(Notification.EXTRA_TEXT))
    }

    @Test
    fun `title, text and channel are the app's if it wants`() {
        val look = OngoingLook(title = "Visitor", text = "At the gate", channel = "gate")
        app.install(Options(ongoing = look))
        app.joins()
        val shown = shown()
        assertEquals("Visitor", shown.extras.getString(Notification.EXTRA_TITLE))
        assertEquals("At the gate", shown.extras.getString(Notification.EXTRA_TEXT))
        assertEquals("gate", shown.channelId)
    }

    @Test
    fun `the whole notification is the app's if it wants`() {
        val own = Notification.Builder(app.application, "gate").build()
        app.install(Options(ongoing = OngoingLook(notification = own)))
        app.joins()
        assertSame(own, shown())
    }

    @Test
    fun `where Android does not let it start there is a plain notification`() {
        app.joins()
        app.startService()?.destroy()
        for (failure in listOf(IllegalStateException(), SecurityException())) {
            OngoingCallService.launch(Refusing(app.application, failure))
            val plain = checkNotNull(app.notifications.getNotification(AndroidNotices.SERVICE))
            assertNull(plain.extras.getString(Notification.EXTRA_TEMPLATE))
            assertEquals(listOf("Hang up", "Mute"), titles(plain))
            OngoingCallService.abort(app.application)
            assertNull(app.notifications.getNotification(AndroidNotices.SERVICE))
        }
    }

    private fun shown(): Notification =
        checkNotNull(shadowOf(app.startService()?.get()).lastForegroundNotification)

    private fun titles(notification: Notification) = notification.actions.map { "${it.title}" }

    /** As Android does where it knows no such service. */
    private class Deaf(base: Context) : ContextWrapper(base) {
        override fun startForegroundService(service: Intent): ComponentName? = null
    }

    private class Refusing(base: Context, private val failure: RuntimeException) :
        ContextWrapper(base) {
        override fun startForegroundService(service: Intent): ComponentName = throw failure
    }
}
