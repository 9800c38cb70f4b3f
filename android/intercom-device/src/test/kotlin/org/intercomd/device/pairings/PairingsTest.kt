// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.pairings

import org.intercomd.device.keys.KeyPlan
import org.intercomd.device.keys.KeysName
import org.intercomd.phone.keys.Pin
import org.intercomd.phone.keys.PlatformKeyPair
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.link.message.HandsetId
import org.intercomd.phone.link.message.Srv
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.writeText

class PairingsTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val directory: Path by lazy { folder.root.toPath().resolve("intercomd") }
    private val pairings by lazy { Pairings(directory) }

    @Test
    fun `a phone that was never paired has no stations`() {
        assertEquals(Pairings.All(emptyList(), emptyList()), pairings.load())
    }

    @Test
    fun `stations are as they were, in the order of their names`() {
        val (house, garden) = station("House") to station("Garden \"2\"", Srv(null))
        pairings.save(house)
        pairings.save(garden)
        val loaded = Pairings(directory).load()
        assertEquals(listOf(garden, house), loaded.stations)
        assertEquals(emptyList<Pairings.Damaged>(), loaded.damaged)
    }

    @Test
    fun `pairing anew takes the place of what was`() {
        val before = station("House")
        pairings.save(before)
        val after = before.copy(keys = KeysName("others"), name = "Home")
        pairings.save(after)
        assertEquals(listOf(after), pairings.load().stations)
    }

    @Test
    fun `that one was revoked is kept, unless it was removed or paired anew`() {
        val before = station("House")
        pairings.save(before)
        pairings.revoked(before)
        assertEquals(listOf(before.copy(isRevoked = true)), pairings.load().stations)
        val after = before.copy(keys = KeysName("others"))
        pairings.save(after)
        pairings.revoked(before)
        assertEquals(listOf(after), pairings.load().stations)
        pairings.remove(after.id)
        pairings.revoked(after)
        assertEquals(emptyList<PairedStation>(), pairings.load().stations)
    }

    @Test
    fun `what is damaged is said, and nothing else is lost`() {
        val (whole, broken) = station("House") to station("Garden")
        pairings.save(whole)
        pairings.save(broken)
        val nameless = file(broken).readText().replace("\"Garden\"", "\"\"")
        for (text in listOf("", "{", "{}", "{\"v\":2}", nameless, file(whole).readText())) {
            file(broken).writeText(text)
            val loaded = pairings.load()
            assertEquals(listOf(whole), loaded.stations)
            assertEquals(listOf(broken.id), loaded.damaged.map { it.station })
            assertEquals(text, file(broken).readText())
        }
    }

    @Test
    fun `a draft that was not finished changes nothing`() {
        val station = station("House")
        pairings.save(station)
        directory.resolve(station.id.text).resolve("station.json.new").writeText("{\"v\":")
        assertEquals(listOf(station), pairings.load().stations)
        pairings.save(station.copy(name = "Home"))
        assertEquals(listOf("Home"), pairings.load().stations.map { it.name })
    }

    @Test
    fun `nothing of a removed one is left, damaged or not`() {
        val (one, other) = station("House") to station("Garden")
        pairings.save(one)
        pairings.save(other)
        NewestCall(pairings, one.id).heardOf(CallId(3))
        file(one).writeText("?")
        pairings.remove(one.id)
        assertFalse(directory.resolve(one.id.text).exists())
        assertEquals(Pairings.All(listOf(other), emptyList()), pairings.load())
    }

    @Test
    fun `what is no station's directory is left alone`() {
        Files.createDirectories(directory.resolve("notes"))
        directory.resolve("list.txt").writeText("")
        assertEquals(Pairings.All(emptyList(), emptyList()), pairings.load())
        assertTrue(directory.resolve("notes").exists())
    }

    @Test
    fun `the newest call is kept, and never becomes an older one`() {
        val id = station("House").id
        assertNull(NewestCall(pairings, id).read())
        NewestCall(pairings, id).heardOf(CallId(7))
        NewestCall(pairings, id).heardOf(CallId(6))
        assertEquals(CallId(7), NewestCall(pairings, id).read())
    }

    @Test
    fun `a damaged newest call is none, and is kept again`() {
        val id = station("House").id
        val newest = NewestCall(pairings, id)
        newest.heardOf(CallId(7))
        directory.resolve(id.text).resolve("newest-call.json").writeText("{\"cid\":-1}")
        assertNull(newest.read())
        newest.heardOf(CallId(8))
        assertEquals(CallId(8), newest.read())
    }

    @Test
    fun `what is kept of a station does not begin to ring without it`() {
        val id = station("House").id
        NewestCall(pairings, id).heardOf(CallId(7))
        assertEquals(Pairings.All(emptyList(), emptyList()), pairings.load())
    }

    private fun file(station: PairedStation): Path =
        directory.resolve(station.id.text).resolve("station.json")

    private fun station(name: String, pin: Srv = Srv(Pin.of(ByteArray(32) { 7 }))) = PairedStation(
        key = PlatformKeyPair.generate().public,
        name = name,
        pin = pin,
        addresses = listOf("192.0.2.1:8443", "door.example:8443"),
        handset = HandsetId("phone_1"),
        keys = KeysName("a"),
        asks = KeyPlan.Asks.EachTime,
    )
}
