// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class NetworkTest {
    private val news = ArrayList<Boolean>()
    private val network = DefaultNetwork { news += it }

    @Test
    fun `each network is news once`() {
        network.available("wifi")
        network.available("wifi")
        network.available("mobile")
        assertEquals(listOf(true, true), news)
    }

    @Test
    fun `only the present one can be lost`() {
        network.available("wifi")
        network.available("mobile")
        network.lost("wifi")
        assertEquals(listOf(true, true), news)
        network.lost("mobile")
        network.lost("mobile")
        assertEquals(listOf(true, true, false), news)
    }

    @Test
    fun `the same one that comes back is news`() {
        network.available("wifi")
        network.lost("wifi")
        network.available("wifi")
        assertEquals(listOf(true, false, true), news)
    }

    @Test
    fun `one that is closed to this app is as good as none`() {
        network.available("wifi")
        network.blocked(true)
        network.blocked(true)
        network.available("mobile")
        assertEquals(listOf(true, false), news)
        network.blocked(false)
        assertEquals(listOf(true, false, true), news)
        network.lost("mobile")
        network.blocked(true)
        assertEquals(listOf(true, false, true, false), news)
    }

    @Test
    fun `the network at home is closed to those that are made for Android 17, unless they may`() {
        assertTrue(LocalNetwork.isClosed(sdk = 37, targetSdk = 37, isGranted = false))
        assertFalse(LocalNetwork.isClosed(sdk = 37, targetSdk = 37, isGranted = true))
        assertFalse(LocalNetwork.isClosed(sdk = 37, targetSdk = 36, isGranted = false))
        assertFalse(LocalNetwork.isClosed(sdk = 36, targetSdk = 37, isGranted = false))
    }

    @Test
    fun `TLS is brought along where Android's own is too old`() {
        assertEquals(listOf(true, true, true, false), listOf(26, 27, 28, 29).map(Tls13::isMissing))
    }
}
