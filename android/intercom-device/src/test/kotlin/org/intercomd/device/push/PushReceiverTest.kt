// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import org.intercomd.device.Device
import org.intercomd.device.TestPhone
import org.intercomd.device.pairings.PairedStation
import org.intercomd.phone.json.Json
import org.intercomd.phone.link.ScriptedStation
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.net.station.textOf
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.push.PushSender
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.shadows.ShadowPowerManager

@RunWith(RobolectricTestRunner::class)
class PushReceiverTest {
    @get:Rule
    internal val phone = TestPhone()
    private val health: PushHealth
        get() = checkNotNull(Device.installed).stations.single().pushHealth

    @Test
    fun `a push that starts the process rings before its broadcast ends, with no network`() {
        val station = phone.isPaired()
        phone.start()
        val body = ring(station)
        phone.startAnew()
        broadcast("MESSAGE", "bytesMessage" to body)
        phone.eventually("over") { OVER in phone.told }
        assertEquals(listOf(TestPhone.RINGS, OVER), phone.told)
        assertFalse(ShadowPowerManager.getLatestWakeLock().isHeld)
        assertNull(health.refusal)
    }

    @Test
    fun `it rings once, over a restart too`() {
        val station = phone.isPaired()
        phone.start()
        val body = ring(station)
        broadcast("MESSAGE", "bytesMessage" to body)
        phone.eventually("over") { OVER in phone.told }
        phone.eventually("kept") { newestIsKept(station) }
        phone.startAnew()
        broadcast("MESSAGE", "bytesMessage" to body)
        phone.eventually("over") { OVER in phone.told }
        assertEquals(listOf(OVER), phone.told)
        assertEquals(PushRefusal.Stale, health.refusal)
    }

    @Test
    fun `what is no push of the station is refused, and the broadcast ends`() {
        phone.isPaired()
        phone.start()
        broadcast("MESSAGE", "bytesMessage" to ByteArray(200))
        phone.eventually("over") { OVER in phone.told }
        assertEquals(listOf(OVER), phone.told)
        assertEquals(PushRefusal.BadEncryption, health.refusal)
    }

    @Test
    fun `a push with a token that no distributor was given is not looked at`() {
        val station = phone.isPaired()
        phone.start()
        broadcast("MESSAGE", "bytesMessage" to ring(station), "token" to "another")
        phone.eventually("over") { OVER in phone.told }
        assertEquals(listOf(OVER), phone.told)
        assertNull(health.lastPush)
    }

    @Test
    fun `an endpoint is registered with the station, and one that is gone is not`() {
        StationServer().use { server ->
            server.station.answers["push_register"] = { "ok" to Json.of() }
            phone.isPaired(server.address)
            phone.start()
            broadcast("NEW_ENDPOINT", "endpoint" to "https://push.example/a")
            phone.eventually("registered") { health.isRegistered == true }
            val register = server.heardOf("push_register").single()
            assertEquals("https://push.example/a", register.b["endpoint"].textOf)
            broadcast("UNREGISTERED")
            phone.eventually("unregistered") { server.heardOf("push_unregister").isNotEmpty() }
            assertEquals("unregistered", health.noEndpoint)
        }
    }

    @Test
    fun `why there is no endpoint is told`() {
        phone.isPaired()
        phone.start()
        broadcast("REGISTRATION_FAILED", "reason" to "NETWORK")
        assertEquals("network", health.noEndpoint)
    }

    private fun newestIsKept(station: PairedStation): Boolean =
        phone.pairings.of(station.id).resolve("newest-call.json").toFile().exists()

    private fun ring(station: PairedStation): ByteArray {
        val b = Json.of(
            "cid" to Json.Integer(7),
            "ring_ms" to Json.Integer(45_000),
            "media" to Json.Text("video"),
            "until" to Json.Integer(System.currentTimeMillis() / 1000 + 45),
        )
        val envelope = ScriptedStation().sayApart("ring", b)
        return PushSender(phone.pushKeys(station)).encrypt(envelope.toByteArray())
    }

    /** As the distributor says it, to a receiver that the manifest names. */
    private fun broadcast(what: String, vararg extras: Pair<String, Any>) {
        val action = "org.unifiedpush.android.connector.$what"
        val receiver = PushReceiver()
        phone.application.registerReceiver(
            receiver,
            IntentFilter(action),
            Context.RECEIVER_EXPORTED,
        )
        val token = phone.asked(TestPhone.REGISTER).last().getStringExtra("token")
        val intent = Intent(action).putExtra("token", token)
        for ((name, value) in extras) {
            if (value is ByteArray) {
                intent.putExtra(
                    name,
                    value,
                )
            } else {
                intent.putExtra(name, "$value")
            }
        }
        phone.application.sendOrderedBroadcast(intent, null, Last(), null, 0, null, null)
        phone.settle()
        phone.application.unregisterReceiver(receiver)
    }

    /** Is called when the broadcast is over. */
    private inner class Last : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent) {
            phone.told += OVER
        }
    }

    private companion object {
        const val OVER = "over"
    }
}
