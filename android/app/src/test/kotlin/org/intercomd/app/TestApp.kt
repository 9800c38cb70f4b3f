// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import android.content.res.Resources
import org.intercomd.device.Device
import org.intercomd.device.keystore.TestKeystore
import java.security.Security

/** The app, with its strings as they are written, and a key store. */
internal class TestApp : App() {
    override fun onCreate() {
        forgetDevice()
        // Each Android of these tests has classes of its own, and Java's providers are of them all.
        Security.removeProvider(TestKeystore.NAME)
        Security.addProvider(TestKeystore())
        super.onCreate()
    }

    override fun getResources(): Resources = WrittenResources(super.getResources())

    /** A process has one, and ends with it; that of these tests goes on. */
    private fun forgetDevice() {
        Device.installed?.stations.orEmpty().forEach { it.close() }
        Device::class.java.getDeclaredField("installed").apply { isAccessible = true }
            .set(null, null)
    }
}
