// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.Activity
import android.net.ConnectivityManager
import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.keys.Token
import org.intercomd.phone.link.message.DoorName
import org.intercomd.phone.link.message.Handsets
import org.intercomd.phone.link.message.Label
import org.intercomd.phone.link.message.Srv
import org.intercomd.phone.net.station.StationServer
import org.intercomd.phone.pairing.Invitation
import org.intercomd.phone.vectors.Vectors
import org.intercomd.phone.words.Code
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.IOException
import kotlin.io.path.createDirectories
import kotlin.io.path.deleteExisting
import kotlin.io.path.exists
import kotlin.io.path.writeText

@RunWith(RobolectricTestRunner::class)
class DeviceTest {
    @get:Rule
    internal val phone = TestPhone()
    private val server = StationServer()
    private val outcomes = ArrayList<Device.Outcome>()

    @After
    fun close() = server.close()

    @Test
    fun `pairing makes a station that is called, now and after the next start`() {
        val paired = paired(phone.start())
        assertEquals("House", paired.name)
        phone.eventually("linked") { phone.isLinked }
        val device = phone.startAnew()
        assertEquals(listOf(paired), device.stations.map { it.paired })
        phone.eventually("linked again") { phone.isLinked }
    }

    @Test
    fun `pairing anew takes the place of what was, with its keys`() {
        val device = phone.start()
        val before = paired(device)
        val after = paired(device)
        assertNotEquals(before.keys, after.keys)
        assertEquals(listOf(after), device.stations.map { it.paired })
        phone.eventually("deleted") { phone.keys.call(before.keys) == null }
        phone.eventually("linked") { phone.isLinked }
    }

    @Test
    fun `without a screen lock nothing is sent`() {
        phone.hasScreenLock(false)
        assertEquals(Device.Outcome.NoScreenLock, pair(phone.start()))
        assertEquals(0, server.requests.size)
    }

    @Test
    fun `a station that does not pair leaves no keys`() {
        val device = phone.start()
        val outcome = pair(device, Token.of(ByteArray(16) { 1 }))
        assertEquals(Code.BadToken, (outcome as Device.Outcome.Refused).error.code)
        assertEquals(emptyList<String>(), ofPairings())
        assertEquals(emptyList<StationPhone>(), device.stations)
    }

    @Test
    fun `keys of an attempt that died with its process go when the next one starts`() {
        val kept = phone.isPaired().keys
        val died = phone.keys.make()
        phone.start()
        phone.eventually("deleted") { phone.keys.call(died) == null }
        assertEquals(listOf("call.$kept", "action.$kept"), ofPairings())
    }

    @Test
    fun `nothing goes while a station cannot be read, which may be the one whose keys they are`() {
        val station = phone.isPaired()
        phone.pairings.of(station.id).resolve("station.json").writeText("?")
        val device = phone.start()
        assertEquals(listOf(station.id), device.damaged.map { it.station })
        // What was there to be done is done when this is.
        phone.hasScreenLock(false)
        pair(device)
        assertEquals(2, ofPairings().size)
        device.forget(station.id)
        assertEquals(emptyList<Any>(), device.damaged)
    }

    @Test
    fun `a station whose key is gone is told as one that cannot be used`() {
        val station = phone.isPaired()
        phone.keys.delete(station.keys)
        val device = phone.start()
        assertEquals(emptyList<StationPhone>(), device.stations)
        assertEquals(listOf(station.id), device.damaged.map { it.station })
    }

    @Test
    fun `what is forgotten leaves nothing behind, and its distributor knows`() {
        val station = phone.isPaired()
        val device = phone.start()
        device.forget(station.id)
        assertNull(device.station(station.id))
        assertFalse(phone.pairings.of(station.id).exists())
        assertEquals(1, phone.asked(TestPhone.UNREGISTER).size)
        phone.eventually("deleted") { ofPairings().isEmpty() }
        assertEquals(emptyList<StationPhone>(), phone.startAnew().stations)
    }

    @Test
    fun `what cannot be forgotten is damaged, and can be forgotten later`() {
        val station = phone.isPaired()
        val device = phone.start()
        val obstacle = phone.pairings.of(station.id).resolve("obstacle/full")
        obstacle.createDirectories()
        repeat(2) {
            assertThrows(IOException::class.java) { device.forget(station.id) }
            assertEquals(emptyList<StationPhone>(), device.stations)
            assertEquals(listOf(station.id), device.damaged.map { it.station })
        }
        obstacle.deleteExisting()
        device.forget(station.id)
        assertEquals(emptyList<Any>(), device.damaged)
        assertFalse(phone.pairings.of(station.id).exists())
    }

    @Test
    fun `a station that was asked to forget this phone is forgotten here`() {
        server.station.answers["revoke"] = { "ok" to Json.of() }
        val station = phone.isPaired(server.address)
        val device = phone.start()
        phone.eventually("linked") { phone.isLinked }
        device.unpair(device.stations.single())
        phone.eventually("forgotten") { device.stations.isEmpty() }
        assertFalse(phone.pairings.of(station.id).exists())
    }

    @Test
    fun `one that revoked this phone stays to be seen, and is neither called nor pushed again`() {
        val station = phone.isPaired(server.address)
        val device = phone.start()
        phone.eventually("linked") { phone.isLinked }
        server.say("error", "code" to Json.Text("revoked"), "detail" to Json.Text(""))
        phone.eventually("told") { TestPhone.REVOKED in phone.told }
        phone.eventually("kept") { phone.pairings.load().stations.single().isRevoked }
        assertTrue(device.stations.single().isRevoked)
        assertEquals(1, phone.asked(TestPhone.UNREGISTER).size)
        val (calls, registers) = server.requests.size to phone.asked(TestPhone.REGISTER).size
        device.registerForPushes()

        val next = phone.startAnew()
        phone.eventually("told again") { TestPhone.REVOKED in phone.told }
        assertTrue(next.stations.single().isRevoked)
        assertEquals(registers, phone.asked(TestPhone.REGISTER).size)
        // Pairing takes longer than a call would.
        assertEquals(station.id, paired(next).id)
        phone.eventually("linked") { phone.isLinked }
        assertEquals("one to pair, one to talk", calls + 2, server.requests.size)
        assertFalse(next.stations.single().isRevoked)
    }

    @Test
    fun `news of the network reach the link`() {
        phone.isPaired(server.address)
        phone.start()
        phone.eventually("linked") { phone.isLinked }
        val connectivity =
            checkNotNull(phone.application.getSystemService(ConnectivityManager::class.java))
        val android = shadowOf(connectivity).networkCallbacks.single()
        android.onAvailable(checkNotNull(connectivity.activeNetwork))
        phone.eventually("asked whether it still is one") { server.heardOf("resume").size == 2 }
    }

    @Test
    fun `the link is asked whether it still is one when the app comes to be seen, once`() {
        phone.isPaired(server.address)
        val station = phone.start().stations.single()
        phone.eventually("linked") { phone.isLinked }
        assertEquals(1, asked(station))
        val first = Robolectric.buildActivity(Activity::class.java).setup()
        assertEquals(2, asked(station))
        first.pause()
        val second = Robolectric.buildActivity(Activity::class.java).setup()
        first.stop()
        assertEquals("by one screen after another", 2, asked(station))
        second.pause().stop()
        Robolectric.buildActivity(Activity::class.java).setup()
        assertEquals(3, asked(station))
    }

    @Test
    @Config(sdk = [26])
    fun `who is asked for a door is told of which station`() {
        val nonce = "nonce" to Entropy.secure().nonce().json
        server.station.answers["challenge"] =
            { "challenge_is" to Json.of(nonce, "lasts_ms" to Json.Integer(30_000)) }
        phone.isPaired(server.address)
        val device = phone.start()
        val screen = Robolectric.buildActivity(Activity::class.java).setup().get()
        phone.eventually("linked") { phone.isLinked }
        device.stations.single().live.openDoor(DoorName("front"))
        phone.eventually("asked") { shadowOf(screen).peekNextStartedActivity() != null }
        val question = shadowOf(screen).nextStartedActivity
        assertEquals("House: front", question.getCharSequenceExtra("title"))
    }

    /** How often, once all is answered. */
    private fun asked(station: StationPhone): Int {
        server.station.answers["handsets"] = { "ok" to Json.of("handsets" to Json.Items(listOf())) }
        val before = phone.told.size
        station.live.request(Handsets)
        phone.eventually("answered") { Handsets in phone.told.drop(before) }
        return server.heardOf("resume").size
    }

    private fun paired(device: Device) = (pair(device) as Device.Outcome.Paired).station.paired

    private fun pair(device: Device, token: Token = server.station.token): Device.Outcome {
        val station = Vectors.publicKey("station").thumbprint
        val invitation = Invitation("House", station, Srv(null), listOf(server.address), token)
        val count = outcomes.size
        device.pair(invitation, checkNotNull(Label.parse("Kitchen"))) { outcomes += it }
        phone.eventually("an outcome") { outcomes.size > count }
        return outcomes.last()
    }

    /** Names of keys, without the one that seals files. */
    private fun ofPairings(): List<String> =
        phone.vault.aliases().map { it.removePrefix("intercomd.") } - "seal"
}
