// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import java.net.ConnectException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketAddress
import javax.net.SocketFactory

/** Sockets of a station without TLS, which is on this machine or is none. */
internal object LoopbackOnly : SocketFactory() {
    class NotLoopback : ConnectException("without TLS only the loopback address is spoken to")

    private class LoopbackSocket : Socket() {
        override fun connect(endpoint: SocketAddress, timeout: Int) {
            if (!(endpoint as InetSocketAddress).address.isLoopbackAddress) throw NotLoopback()
            super.connect(endpoint, timeout)
        }
    }

    override fun createSocket(): Socket = LoopbackSocket()

    override fun createSocket(host: String, port: Int): Socket =
        connected(InetSocketAddress(host, port))

    override fun createSocket(host: InetAddress, port: Int): Socket =
        connected(InetSocketAddress(host, port))

    override fun createSocket(host: String, port: Int, from: InetAddress, fromPort: Int): Socket =
        createSocket(host, port)

    override fun createSocket(
        host: InetAddress,
        port: Int,
        from: InetAddress,
        fromPort: Int,
    ): Socket = createSocket(host, port)

    private fun connected(endpoint: InetSocketAddress) =
        createSocket().apply { connect(endpoint, 0) }
}
