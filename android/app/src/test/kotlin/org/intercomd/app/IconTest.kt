// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.nio.file.Files
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.io.path.extension
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension

/** No resource compiler looks at these files where the tests run. */
class IconTest {
    private val resources = Path.of("src/main/res")
    private val manifest = xml(Path.of("src/main/AndroidManifest.xml"))

    @Test
    fun `every resource that is named is there`() {
        val files = files().filter { it.extension == "xml" }
        val named = (files.map(::xml) + manifest).flatMap(::names).toSet()
        assertTrue("@mipmap/app_icon" in named)
        assertEquals(emptySet<String>(), named - defined(files))
    }

    @Test
    fun `the icon has a ground, a shape, and the shape again in one colour`() {
        val application = manifest.getElementsByTagName("application").item(0) as Element
        for (name in listOf("icon", "roundIcon")) {
            assertEquals("@mipmap/app_icon", application.getAttribute("android:$name"))
        }
        val icon = xml(resources.resolve("mipmap-anydpi/app_icon.xml"))
        val layers = icon.children().associate { it.tagName to it.getAttribute("android:drawable") }
        val expected =
            mapOf(
                "background" to "@drawable/app_icon_ground",
                "foreground" to "@drawable/app_icon_shape",
                "monochrome" to "@drawable/app_icon_shape",
            )
        assertEquals(expected, layers)
    }

    @Test
    fun `its layers are of the size that launchers cut from`() {
        for (layer in listOf("ground", "shape")) {
            val vector = xml(resources.resolve("drawable/app_icon_$layer.xml"))
            for (side in listOf("width", "height")) {
                assertEquals("108dp", vector.getAttribute("android:$side"))
            }
            for (side in listOf("viewportWidth", "viewportHeight")) {
                assertEquals("108", vector.getAttribute("android:$side"))
            }
            val paths = vector.children()
            assertTrue(paths.isNotEmpty())
            for (path in paths) {
                assertTrue(PATH.matches(path.getAttribute("android:pathData")))
            }
        }
    }

    private fun files(): List<Path> = Files.walk(resources).use { all ->
        all.filter { Files.isRegularFile(it) }.toList()
    }

    private fun defined(files: List<Path>): Set<String> {
        val (values, others) = files.partition { it.parent.name.startsWith("values") }
        val inValues =
            values.flatMap { xml(it).children() }
                .map { "@${it.tagName}/${it.getAttribute("name")}" }
        val whole =
            others.map { "@${it.parent.name.substringBefore('-')}/${it.nameWithoutExtension}" }
        return (inValues + whole).toSet()
    }

    private fun names(element: Element): List<String> {
        val attributes = (0 until element.attributes.length).map { element.attributes.item(it) }
        return attributes.map { it.nodeValue }.filter(OURS::matches) +
            element.children().flatMap(::names)
    }

    private fun Element.children(): List<Element> =
        (0 until childNodes.length).mapNotNull { childNodes.item(it) as? Element }

    private fun xml(path: Path): Element =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(path.toFile())
            .documentElement

    private companion object {
        val OURS = Regex("@[a-z]+/[a-z_]+", RegexOption.IGNORE_CASE)

        /** What is drawn: commands and numbers. */
        val PATH = Regex("(?:[MmHhVvAaLlCcZz] ?(?:-?[0-9.]+[ ,]?)*)+")
    }
}
