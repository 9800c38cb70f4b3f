// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.screen

import android.os.PowerManager
import org.intercomd.intercom.Installed
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.intercom.call.FakeConnection
import org.intercomd.intercom.notification.CallIntents
import org.intercomd.phone.words.Status
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowPowerManager

@RunWith(RobolectricTestRunner::class)
class AtTheEarTest {
    @get:Rule
    internal val app = Installed()

    private val power by lazy {
        checkNotNull(app.application.getSystemService(PowerManager::class.java))
    }
    private val connection = FakeConnection()
    private val screen by lazy {
        val intent = CallIntents(app.application, "abc").call()
        Robolectric.buildActivity(CallActivity::class.java, intent).setup()
    }

    @Before
    fun joins() {
        hasProximity(true)
        app.rings()
        app.calls.created(1, connection)
        app.joins()
    }

    @Test
    fun `the screen is off at the ear, and nowhere else`() {
        goesTo(Route.Earpiece)
        screen.get()
        assertTrue(isOff())
        goesTo(Route.Speaker)
        assertFalse(isOff())
        goesTo(Route.Earpiece)
        assertTrue(isOff())
        goesTo(Route.Bluetooth)
        assertFalse(isOff())
    }

    @Test
    fun `a screen that is not in front turns nothing off`() {
        goesTo(Route.Earpiece)
        screen.pause()
        assertFalse(isOff())
        app.calls.soundChanged()
        assertFalse(isOff())
        screen.resume()
        assertTrue(isOff())
    }

    @Test
    fun `it is lit again when the call is over`() {
        goesTo(Route.Earpiece)
        screen.get()
        assertTrue(isOff())
        app.ends(Status.Ended)
        assertFalse(isOff())
    }

    @Test
    fun `a phone that cannot tell what is near stays as it is`() {
        hasProximity(false)
        goesTo(Route.Earpiece)
        screen.get()
        assertFalse(isOff())
    }

    private fun hasProximity(isThere: Boolean) = shadowOf(power)
        .setIsWakeLockLevelSupported(PowerManager.PROXIMITY_SCREEN_OFF_WAKE_LOCK, isThere)

    private fun goesTo(route: Route) {
        connection.sound = Sound(route, Route.entries.toSet())
        app.calls.soundChanged()
    }

    private fun isOff(): Boolean {
        val lock = checkNotNull(ShadowPowerManager.getLatestWakeLock())
        return shadowOf(lock).tag == "intercom:ear" && lock.isHeld
    }
}
