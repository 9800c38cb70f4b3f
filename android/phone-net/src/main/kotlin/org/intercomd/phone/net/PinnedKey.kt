// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.net

import org.intercomd.phone.keys.Pin
import org.intercomd.phone.keys.sha256
import java.net.Socket
import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SSLEngine
import javax.net.ssl.X509ExtendedTrustManager

/** Takes exactly one key, whatever names and dates its certificate has. */
internal class PinnedKey(private val pin: Pin) : X509ExtendedTrustManager() {
    class WrongKey : CertificateException("not the TLS key that was paired with")

    private fun check(chain: Array<out X509Certificate>) {
        if (Pin.of(sha256(chain.first().publicKey.encoded)) != pin) throw WrongKey()
    }

    override fun checkServerTrusted(chain: Array<out X509Certificate>, type: String) = check(chain)

    override fun checkServerTrusted(
        chain: Array<out X509Certificate>,
        type: String,
        socket: Socket,
    ) = check(chain)

    override fun checkServerTrusted(
        chain: Array<out X509Certificate>,
        type: String,
        engine: SSLEngine,
    ) = check(chain)

    override fun checkClientTrusted(chain: Array<out X509Certificate>, type: String): Unit =
        throw CertificateException("no server")

    override fun checkClientTrusted(
        chain: Array<out X509Certificate>,
        type: String,
        socket: Socket,
    ) = checkClientTrusted(chain, type)

    override fun checkClientTrusted(
        chain: Array<out X509Certificate>,
        type: String,
        engine: SSLEngine,
    ) = checkClientTrusted(chain, type)

    override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
}
