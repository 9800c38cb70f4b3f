// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import android.app.Activity
import android.app.Application
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** What the app's manifest has to say, and what it must not. */
class ManifestTest {
    private val manifest =
        DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }
            .newDocumentBuilder()
            .parse(Path.of("src/main/AndroidManifest.xml").toFile())
            .documentElement
    private val application = manifest.all("application").single()
    private val activities = manifest.all("activity")

    @Test
    fun `it wants no permission beyond those of the libraries`() {
        assertEquals(emptyList<Element>(), manifest.all("uses-permission"))
        assertEquals(emptyList<Element>(), manifest.all("queries"))
    }

    @Test
    fun `nothing of it is in a backup, and it is written from right to left where that is usual`() {
        assertEquals("false", application.android("allowBackup"))
        assertEquals("true", application.android("supportsRtl"))
    }

    @Test
    fun `others can open it and share a link with it, and nothing else`() {
        val actions =
            activities.filter { it.android("exported") == "true" }
                .associate { it.simpleName() to it.all("action").map { of -> of.android("name") } }
        val expected =
            mapOf(
                "StationsActivity" to listOf("android.intent.action.MAIN"),
                "PairActivity" to listOf("android.intent.action.SEND"),
            )
        assertEquals(expected, actions)
        val inside = activities.filter { it.android("exported") == "false" }
        assertEquals(activities.size - 2, inside.size)
        assertTrue(inside.all { it.all("intent-filter").isEmpty() })
    }

    @Test
    fun `every class that it names is there`() {
        assertTrue(Application::class.java.isAssignableFrom(application.named()))
        assertTrue(activities.all { Activity::class.java.isAssignableFrom(it.named()) })
    }

    private fun Element.all(name: String): List<Element> = getElementsByTagName(name).let { found ->
        (0 until found.length).map { found.item(it) as Element }
    }

    private fun Element.android(name: String): String =
        getAttributeNS("http://schemas.android.com/apk/res/android", name)

    private fun Element.simpleName(): String = android("name").substringAfterLast('.')

    private fun Element.named(): Class<*> =
        Class.forName(android("name"), false, ManifestTest::class.java.classLoader)
}
