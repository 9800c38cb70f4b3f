// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.os.Handler
import android.os.Looper
import java.io.Closeable

/** Tells on the main thread when the network comes, goes, or is another one. */
class NetworkWatch(context: Context, changed: (isThere: Boolean) -> Unit) : Closeable {
    private val connectivity =
        checkNotNull(context.getSystemService(ConnectivityManager::class.java))
    private val network = DefaultNetwork(changed)
    private val callback =
        object : ConnectivityManager.NetworkCallback() {
            override fun onAvailable(network: Network) =
                this@NetworkWatch.network.available(network)

            override fun onLost(network: Network) = this@NetworkWatch.network.lost(network)

            // Called from Android 10 on.
            override fun onBlockedStatusChanged(network: Network, blocked: Boolean) =
                this@NetworkWatch.network.blocked(blocked)
        }

    init {
        val main = Handler(Looper.getMainLooper())
        connectivity.registerDefaultNetworkCallback(callback, main)
        // Where there is none, nothing is told.
        if (connectivity.activeNetwork == null) changed(false)
    }

    override fun close() = connectivity.unregisterNetworkCallback(callback)
}
