// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.text

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.io.path.readText

class TextsTest {
    private val english = strings("values")
    private val german = strings("values-de")

    @Test
    fun `every text is there in both languages, and no other`() {
        val names = Text.entries.map { it.resource }.toSet()
        assertEquals(names, english.keys)
        assertEquals(names, german.keys)
    }

    @Test
    fun `a translation has the places of the original`() {
        for ((name, text) in english) {
            val places = PLACE.findAll(text).map { it.value }.toSet()
            val translated = PLACE.findAll(german.getValue(name)).map { it.value }.toSet()
            assertEquals(name, places, translated)
        }
    }

    @Test
    fun `nothing in them means anything to Android`() {
        val texts = english.values + german.values
        assertTrue(texts.none { "'" in it || '"' in it || it.startsWith("@") })
    }

    @Test
    fun `what is looked up by name is kept`() {
        val keep = Path.of("src/main/res/raw/app_keep.xml").readText()
        assertTrue("tools:keep=\"@string/app_*\"" in keep)
        assertTrue(Text.entries.all { it.resource.startsWith("app_") })
    }

    private fun strings(directory: String): Map<String, String> {
        val file = Path.of("src/main/res/$directory/strings.xml").toFile()
        val found =
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file)
                .getElementsByTagName("string")
        return (0 until found.length).map { found.item(it) as Element }
            .associate { it.getAttribute("name") to it.textContent }
    }

    private companion object {
        val PLACE = Regex("""%\d\$[sd]""")
    }
}
