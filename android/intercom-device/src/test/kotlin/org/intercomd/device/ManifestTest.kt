// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device

import android.app.Activity
import android.content.BroadcastReceiver
import org.intercomd.device.network.LocalNetwork
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

class ManifestTest {
    private val manifest =
        DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(File("src/main/AndroidManifest.xml")).documentElement

    @Test
    fun `what it names is there`() {
        val kinds =
            mapOf(
                "receiver" to BroadcastReceiver::class.java,
                "activity" to Activity::class.java,
            )
        for ((tag, kind) in kinds) {
            for (named in all(tag)) {
                assertTrue(kind.isAssignableFrom(Class.forName(named.of("name"))))
            }
        }
    }

    @Test
    fun `only the distributor's receiver is open to others`() {
        val open = COMPONENTS.flatMap(::all).filter { it.of("exported") != "false" }
        assertEquals(listOf("org.intercomd.device.push.PushReceiver"), open.map { it.of("name") })
    }

    @Test
    fun `it is called for all that a distributor says`() {
        val actions = all("action").map { it.of("name").substringAfter("connector.") }
        val said =
            setOf(
                "MESSAGE",
                "NEW_ENDPOINT",
                "REGISTRATION_FAILED",
                "TEMP_UNAVAILABLE",
                "UNREGISTERED",
            )
        assertEquals(said, actions.toSet())
    }

    @Test
    fun `a question over the lock screen is seen there`() {
        assertEquals("true", all("activity").single().of("showWhenLocked"))
    }

    @Test
    fun `no permission is demanded that nothing here uses, nor a device for it`() {
        val permissions = all("uses-permission").map { it.of("name") }
        val used =
            listOf(
                "android.permission.INTERNET",
                "android.permission.ACCESS_NETWORK_STATE",
                LocalNetwork.PERMISSION,
                "android.permission.WAKE_LOCK",
                "android.permission.RECORD_AUDIO",
                "android.permission.USE_BIOMETRIC",
            )
        assertEquals(used, permissions)
        assertTrue(all("uses-feature").all { it.of("required") == "false" })
    }

    private fun all(tag: String): List<Element> = manifest.getElementsByTagName(tag).let { found ->
        (0 until found.length).map { found.item(it) as Element }
    }

    private fun Element.of(name: String): String = getAttribute("android:$name")

    private companion object {
        val COMPONENTS = listOf("activity", "receiver", "service", "provider")
    }
}
