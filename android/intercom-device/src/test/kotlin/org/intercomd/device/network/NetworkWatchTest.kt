// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

import android.net.ConnectivityManager
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
class NetworkWatchTest {
    private val news = ArrayList<Boolean>()
    private val application = RuntimeEnvironment.getApplication()
    private val connectivity =
        checkNotNull(application.getSystemService(ConnectivityManager::class.java))
    private val android = shadowOf(connectivity)

    @Test
    fun `what Android tells of the network is told until the watch is closed`() {
        val watch = NetworkWatch(application, news::add)
        val told = android.networkCallbacks.single()
        val network = checkNotNull(connectivity.activeNetwork)
        assertEquals(emptyList<Boolean>(), news)
        told.onAvailable(network)
        assertEquals(listOf(true), news)
        told.onLost(network)
        assertEquals(listOf(true, false), news)
        watch.close()
        assertEquals(emptySet<Any>(), android.networkCallbacks)
    }

    @Test
    @Config(sdk = [31, 34, 35])
    fun `one that Android closes to this app is as good as none`() {
        val watch = NetworkWatch(application, news::add)
        val told = android.networkCallbacks.single()
        told.onAvailable(checkNotNull(connectivity.activeNetwork))
        told.onBlockedStatusChanged(checkNotNull(connectivity.activeNetwork), true)
        assertEquals(listOf(true, false), news)
        watch.close()
    }

    @Test
    fun `where there is none to begin with, that is told`() {
        android.setDefaultNetworkActive(false)
        NetworkWatch(application, news::add).close()
        assertEquals(listOf(false), news)
    }
}
