// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom

import android.app.Activity
import android.content.BroadcastReceiver
import android.telecom.ConnectionService
import org.intercomd.intercom.permission.NeededPermission
import org.intercomd.intercom.service.ServiceType
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** What the library's manifest has to say, and what it must not. */
class ManifestTest {
    private val manifest =
        DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }
            .newDocumentBuilder()
            .parse(Path.of("src/main/AndroidManifest.xml").toFile())
            .documentElement
    private val permissions = manifest.all("uses-permission").map { it.android("name") }
    private val services = manifest.all("service")
    private val activities = manifest.all("activity")
    private val receivers = manifest.all("receiver")

    @Test
    fun `it wants exactly these permissions`() {
        val wanted =
            setOf(
                "INTERNET",
                "ACCESS_NETWORK_STATE",
                "ACCESS_LOCAL_NETWORK",
                // Telecom.
                "MANAGE_OWN_CALLS",
                // To ring.
                "POST_NOTIFICATIONS",
                "USE_FULL_SCREEN_INTENT",
                "VIBRATE",
                "WAKE_LOCK",
                // To be heard and, if the person wants that, seen.
                "RECORD_AUDIO",
                "MODIFY_AUDIO_SETTINGS",
                "CAMERA",
                // To go on in the background.
                "FOREGROUND_SERVICE",
                "FOREGROUND_SERVICE_PHONE_CALL",
                "FOREGROUND_SERVICE_MICROPHONE",
                "FOREGROUND_SERVICE_CAMERA",
            ).map { "android.permission.$it" }
        assertEquals(wanted.sorted(), permissions.sorted())
    }

    @Test
    fun `whatever the person is asked for is in it`() {
        assertTrue(permissions.containsAll(NeededPermission.entries.map { it.permission }))
    }

    @Test
    fun `it looks at no other app`() {
        assertFalse("android.permission.QUERY_ALL_PACKAGES" in permissions)
        assertEquals(emptyList<Element>(), manifest.all("queries"))
    }

    @Test
    fun `only Telecom can come to the connection service, nobody to anything else`() {
        val components = services + activities + receivers + manifest.all("provider")
        val exported = components.filter { it.android("exported") == "true" }
        assertTrue(components.all { it.android("exported") in setOf("true", "false") })
        val service = exported.single()
        assertTrue(ConnectionService::class.java.isAssignableFrom(service.named()))
        assertEquals(
            "android.permission.BIND_TELECOM_CONNECTION_SERVICE",
            service.android("permission"),
        )
        val actions = manifest.all("action").map { it.android("name") }
        assertEquals(listOf(ConnectionService.SERVICE_INTERFACE), actions)
        assertEquals(listOf(service), manifest.all("intent-filter").map { it.parentNode })
    }

    @Test
    fun `the service is of the types that it starts as, each with its permission`() {
        val ongoing = services.single { it.android("foregroundServiceType").isNotEmpty() }
        val types = ongoing.android("foregroundServiceType").split("|").map { it.lowercase() }
        assertEquals(
            ServiceType.entries.map { it.name.lowercase() }.sorted(),
            types.sorted(),
        )
        assertTrue(permissions.containsAll(ServiceType.entries.map { it.permission }))
        assertTrue("android.permission.FOREGROUND_SERVICE" in permissions)
        assertTrue("android.permission.MANAGE_OWN_CALLS" in permissions)
        assertEquals("org.intercomd.intercom.service.OngoingCallService", ongoing.android("name"))
    }

    @Test
    fun `the screens show over the lock screen and turn the screen on`() {
        assertEquals(2, activities.size)
        for (screen in activities) {
            assertEquals("true", screen.android("showWhenLocked"))
            assertEquals("true", screen.android("turnScreenOn"))
            assertEquals("", screen.android("showOnLockScreen"))
            assertEquals("singleTask", screen.android("launchMode"))
        }
    }

    @Test
    fun `every class that it names is there`() {
        assertTrue(activities.all { Activity::class.java.isAssignableFrom(it.named()) })
        assertTrue(receivers.all { BroadcastReceiver::class.java.isAssignableFrom(it.named()) })
        assertTrue(services.all { android.app.Service::class.java.isAssignableFrom(it.named()) })
        assertEquals(2, services.size)
        assertEquals(1, receivers.size)
    }

    @Test
    fun `no device is shut out`() {
        val features = manifest.all("uses-feature")
        assertTrue(features.all { it.android("required") == "false" })
        val implied = listOf("android.hardware.camera", "android.hardware.microphone")
        assertTrue(features.map { it.android("name") }.containsAll(implied))
    }

    private fun Element.all(name: String): List<Element> = getElementsByTagName(name).let { found ->
        (0 until found.length).map { found.item(it) as Element }
    }

    private fun Element.android(name: String): String =
        getAttributeNS("http://schemas.android.com/apk/res/android", name)

    private fun Element.named(): Class<*> =
        Class.forName(android("name"), false, ManifestTest::class.java.classLoader)
}
