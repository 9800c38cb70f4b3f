// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.network

import android.os.Build
import org.conscrypt.Conscrypt
import java.security.Security

/** Stations speak TLS 1.3 only, which Android does from 10 on by itself. */
internal object Tls13 {
    private const val ANDROID_10 = 29

    /** For all of the process; there is no less that reaches okhttp. */
    fun install() {
        if (!isMissing(Build.VERSION.SDK_INT)) return
        val isInstalled = Security.getProviders().any(Conscrypt::isConscrypt)
        if (!isInstalled && Conscrypt.isAvailable()) {
            Security.insertProviderAt(Conscrypt.newProvider(), 1)
        }
    }

    fun isMissing(sdk: Int): Boolean = sdk < ANDROID_10
}
