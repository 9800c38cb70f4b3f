// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.push

import org.intercomd.device.TestPhone
import org.intercomd.phone.push.applicationServerKey
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner

@RunWith(RobolectricTestRunner::class)
class DistributorTest {
    @get:Rule
    internal val phone = TestPhone()

    @Test
    fun `the only one is taken, and told the station's key`() {
        val station = phone.isPaired()
        val device = phone.start()
        assertEquals("org.example.push", device.distributor.chosen)
        val asked = phone.asked(TestPhone.REGISTER).single()
        assertEquals("org.example.push", asked.`package`)
        assertEquals(station.key.applicationServerKey, asked.getStringExtra("vapid"))
    }

    @Test
    fun `of several the person chooses`() {
        phone.addDistributor("org.example.other")
        phone.isPaired()
        val device = phone.start()
        val both = setOf("org.example.push", "org.example.other")
        assertEquals(both, device.distributor.possible.toSet())
        assertNull(device.distributor.chosen)
        assertEquals(0, phone.asked(TestPhone.REGISTER).size)
        device.distributor.choose("org.example.other")
        device.registerForPushes()
        assertEquals("org.example.other", phone.asked(TestPhone.REGISTER).single().`package`)
    }
}
