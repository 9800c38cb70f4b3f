// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.telecom

import android.os.Build
import android.os.Bundle
import android.telecom.CallAudioState
import android.telecom.CallEndpoint
import android.telecom.Connection
import android.telecom.ConnectionRequest
import android.telecom.DisconnectCause
import android.telecom.PhoneAccount
import android.telecom.PhoneAccountHandle
import android.telecom.TelecomManager
import org.intercomd.intercom.Installed
import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.phone.call.Button
import org.intercomd.phone.words.Media
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
import org.robolectric.shadows.ShadowTelecomManager

@RunWith(RobolectricTestRunner::class)
class ConnectionTest {
    @get:Rule
    internal val app = Installed()

    private val telecom: ShadowTelecomManager
        get() = shadowOf(app.application.getSystemService(TelecomManager::class.java))
    private val service by lazy {
        Robolectric.buildService(IntercomConnectionService::class.java).create().get()
    }

    @Test
    fun `the account is self-managed and nothing else`() {
        val account = telecom.allPhoneAccounts.single()
        assertEquals(PhoneAccount.CAPABILITY_SELF_MANAGED, account.capabilities)
    }

    @Test
    fun `Telecom is given strings, which come back in an envelope or without`() {
        app.rings()
        val extras = telecom.allIncomingCalls.single().extras
        val nested = checkNotNull(extras.getBundle(TelecomManager.EXTRA_INCOMING_CALL_EXTRAS))
        assertTrue(nested.keySet().all { nested.getString(it) != null })
        val call = CallExtras("abc", "Front door", 1)
        assertEquals(call, CallExtras.read(extras))
        assertEquals(call, CallExtras.read(nested))
        val outgoing = call.outgoing(account(), isVideo = false)
        assertEquals(call, CallExtras.read(outgoing))
        assertNull(CallExtras.read(Bundle()))
        assertNull(CallExtras.read(null))
    }

    @Test
    fun `Telecom's wishes are those of a person`() {
        val connection = rung()
        assertEquals(Connection.STATE_RINGING, connection.state)
        assertTrue(connection.audioModeIsVoip)
        assertEquals(Connection.PROPERTY_SELF_MANAGED, connection.connectionProperties)
        assertNull(ring())
        connection.onShowIncomingCallUi()
        assertNotNull(ring())
        connection.onSilence()
        connection.onAnswer()
        assertEquals(listOf(Button.Silence, Button.Answer), app.pressed)
    }

    @Test
    fun `hold, mute and hang up in a call`() {
        val connection = rung()
        app.joins()
        assertEquals("Telecom takes no other yet", Connection.STATE_RINGING, connection.state)
        app.pass(seconds = 1)
        assertEquals(Connection.STATE_ACTIVE, connection.state)
        app.pressed.clear()
        connection.onHold()
        assertEquals(Connection.STATE_HOLDING, connection.state)
        connection.onUnhold()
        assertEquals(Connection.STATE_ACTIVE, connection.state)
        connection.onMuteStateChanged(false)
        connection.onMuteStateChanged(true)
        connection.onDisconnect()
        val expected =
            listOf(Button.Hold(true), Button.Hold(false), Button.Mute(true), Button.HangUp)
        assertEquals(expected, app.pressed)
        assertEnded(connection, DisconnectCause.LOCAL)
    }

    @Test
    fun `another app's call puts this one on hold, and does not end it`() {
        if (Build.VERSION.SDK_INT < 28) return
        val connection = rung()
        app.joins()
        app.pass(seconds = 1)
        service.onConnectionServiceFocusLost()
        assertEquals(Connection.STATE_HOLDING, connection.state)
        assertTrue(Button.Hold(true) in app.pressed)
    }

    @Test
    fun `however it is rejected, it is rejected once`() {
        val ways: List<(IntercomConnection) -> Unit> =
            listOf(
                { it.onReject() },
                { it.onReject(1) },
                { it.onReject("Not now") },
                { it.onDisconnect() },
                { it.onAbort() },
            )
        for (reject in ways) {
            val connection = rung()
            app.pass(seconds = 1)
            app.pressed.clear()
            reject(connection)
            reject(connection)
            assertEquals(listOf(Button.Decline), app.pressed)
            assertEnded(connection, DisconnectCause.REJECTED)
            app.ends(Status.Rejected)
        }
    }

    @Test
    fun `Telecom rejects by itself what comes beside another ring, and it rings all the same`() {
        val ways: List<(IntercomConnection) -> Unit> =
            listOf({ it.onReject() }, { it.onReject(1) }, { it.onReject("Not now") })
        for (reject in ways) {
            val connection = rung()
            connection.onShowIncomingCallUi()
            reject(connection)
            assertEnded(connection, DisconnectCause.REJECTED)
            assertEquals(emptyList<Button>(), app.pressed)
            assertNotNull(ring())
            app.ends(Status.Missed)
        }
    }

    @Test
    fun `over is over, whatever Telecom says afterwards`() {
        val connection = rung()
        app.ends(Status.Elsewhere)
        assertEnded(connection, DisconnectCause.ANSWERED_ELSEWHERE)
        with(connection) {
            onAnswer()
            onHold()
            onUnhold()
            onSilence()
            onShowIncomingCallUi()
            onDisconnect()
        }
        assertEquals(emptyList<Button>(), app.pressed)
        assertEnded(connection, DisconnectCause.ANSWERED_ELSEWHERE)
    }

    @Test
    fun `a connection for a call that is over fails`() {
        app.rings()
        val request = request()
        app.ends(Status.Missed)
        val late = service.onCreateIncomingConnection(account(), request)
        assertFalse(late is IntercomConnection)
        assertEquals(Connection.STATE_DISCONNECTED, late.state)
        val strange = ConnectionRequest(account(), CallExtras.address("abc"), Bundle())
        assertFalse(service.onCreateIncomingConnection(account(), strange) is IntercomConnection)
        assertFalse(service.onCreateIncomingConnection(account(), null) is IntercomConnection)
    }

    @Test
    fun `when Telecom refuses the connection it rings anyway`() {
        app.rings()
        service.onCreateIncomingConnectionFailed(account(), request())
        assertNotNull(ring())
    }

    @Test
    fun `when Telecom stays silent it rings after two seconds`() {
        app.rings()
        app.pass(seconds = 1)
        assertNull(ring())
        app.pass(seconds = 1)
        assertNotNull(ring())
    }

    @Test
    @Suppress("DEPRECATION")
    fun `where the sound goes is what Telecom says`() {
        val connection = rung()
        assertEquals(Sound(), app.calls.sound)
        val both = setOf(Route.Earpiece, Route.Speaker)
        val state = CallAudioState(false, CallAudioState.ROUTE_SPEAKER, 1 or 8)
        connection.onCallAudioStateChanged(state)
        if (Build.VERSION.SDK_INT < 34) {
            assertEquals(Sound(Route.Speaker, both), app.calls.sound)
        } else {
            assertEquals("is told by the others", Sound(), app.calls.sound)
            val endpoints =
                listOf(CallEndpoint("Ear", 1), CallEndpoint("Loud", CallEndpoint.TYPE_SPEAKER))
            connection.onAvailableCallEndpointsChanged(endpoints)
            connection.onCallEndpointChanged(endpoints.first())
            assertEquals(Sound(Route.Earpiece, both), app.calls.sound)
        }
    }

    @Test
    fun `a call from here is an outgoing one`() {
        app.press(Button.Call(Media.Audio))
        val extras = telecom.allOutgoingCalls.single().extras
        val request = ConnectionRequest(account(), CallExtras.address("abc"), extras)
        val connection = service.onCreateOutgoingConnection(account(), request)
        assertEquals(Connection.STATE_DIALING, connection.state)
    }

    private fun ring() = app.notifications.getNotification("abc", 1)

    /** It rings, and Telecom has made its side of it. */
    private fun rung(): IntercomConnection {
        app.rings()
        return service.onCreateIncomingConnection(account(), request()) as IntercomConnection
    }

    private fun account(): PhoneAccountHandle = telecom.allPhoneAccounts.single().accountHandle

    private fun request(): ConnectionRequest {
        val extras = telecom.allIncomingCalls.last().extras
        return ConnectionRequest(account(), CallExtras.address("abc"), extras)
    }

    private fun assertEnded(connection: Connection, cause: Int) {
        assertEquals(Connection.STATE_DISCONNECTED, connection.state)
        assertEquals(cause, connection.disconnectCause.code)
    }
}
