// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import org.intercomd.phone.json.Json
import org.intercomd.phone.keys.Entropy
import org.intercomd.phone.link.message.Done
import org.intercomd.phone.link.message.Failed
import org.intercomd.phone.link.message.PushUnregister
import org.intercomd.phone.link.message.Request
import org.intercomd.phone.push.PushKeys
import org.intercomd.phone.push.PushRefusal
import org.intercomd.phone.time.WallTime
import org.intercomd.phone.words.Code
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class StationPushesTest {
    private val keys = PushKeys.generate(Entropy.secure())
    private val requests = ArrayList<Request>()
    private val bodies = ArrayList<ByteArray>()
    private var wall = WallTime(1_000)
    private val pushes = StationPushes(keys, TestHandset(), { wall })

    @Test
    fun `an endpoint is registered with the keys, as soon as there is a link`() {
        pushes.endpointIs(ENDPOINT)
        assertEquals(emptyList<Request>(), requests)
        pushes.linkIs(true)
        assertEquals(keys.register(ENDPOINT).body, requests.single().body)
    }

    @Test
    fun `it is registered once for each link, and when it is another one`() {
        pushes.linkIs(true)
        pushes.endpointIs(ENDPOINT)
        pushes.linkIs(true)
        assertEquals(1, requests.size)
        pushes.linkIs(false)
        pushes.linkIs(true)
        assertEquals(2, requests.size)
        pushes.endpointIs("https://push.example/b")
        assertEquals(listOf(ENDPOINT, ENDPOINT, "https://push.example/b"), endpoints())
    }

    @Test
    fun `an endpoint that is gone is unregistered, once`() {
        pushes.linkIs(true)
        pushes.endpointIs(ENDPOINT)
        pushes.noEndpoint("unregistered")
        pushes.noEndpoint("network")
        assertEquals(PushUnregister, requests.last())
        assertEquals(2, requests.size)
        assertEquals("network", pushes.health.noEndpoint)
        pushes.linkIs(false)
        pushes.linkIs(true)
        assertEquals(2, requests.size)
    }

    @Test
    fun `what the station says to it is told`() {
        pushes.linkIs(true)
        pushes.endpointIs(ENDPOINT)
        assertNull(pushes.health.isRegistered)
        pushes.answered(requests.last(), Done())
        assertEquals(true, pushes.health.isRegistered)
        pushes.endpointIs("https://push.example/b")
        val refused = Failed(Code.BadEndpoint, "a public https URL")
        pushes.answered(requests.last(), refused)
        assertEquals(false to refused, pushes.health.isRegistered to pushes.health.refused)
        pushes.answered(requests.first(), Done())
        assertEquals(false, pushes.health.isRegistered)
    }

    @Test
    fun `a push is done with when it was taken or refused, in its order`() {
        val done = ArrayList<Int>()
        pushes.pushed(byteArrayOf(1)) { done += 1 }
        pushes.pushed(byteArrayOf(2)) { done += 2 }
        assertEquals(listOf(1, 2), bodies.map { it.single().toInt() })
        assertEquals(emptyList<Int>(), done)
        pushes.took(null)
        assertEquals(listOf(1), done)
        pushes.took(PushRefusal.Stale)
        assertEquals(listOf(1, 2), done)
        assertEquals(PushRefusal.Stale, pushes.health.refusal)
        assertEquals(WallTime(1_000), pushes.health.lastPush)
    }

    @Test
    fun `nobody waits for a handset that was closed`() {
        val done = ArrayList<Int>()
        pushes.pushed(byteArrayOf(1)) { done += 1 }
        pushes.end()
        pushes.took(null)
        assertEquals(listOf(1), done)
    }

    private fun endpoints() = requests.map { (it.body["endpoint"] as Json.Text).text }

    private inner class TestHandset : PushedHandset {
        override fun request(request: Request) {
            requests += request
        }

        override fun pushed(body: ByteArray, keys: PushKeys, wall: WallTime) {
            bodies += body
        }
    }

    private companion object {
        const val ENDPOINT = "https://push.example/a"
    }
}
