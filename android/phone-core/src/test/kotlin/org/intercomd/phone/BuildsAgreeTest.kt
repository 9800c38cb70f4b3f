// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.io.path.exists
import kotlin.io.path.readText

/** The Gradle build, which apps use, and the Maven build, which CI uses, say the same. */
class BuildsAgreeTest {
    private val root = Path.of("..")
    private val catalogue = root.resolve("gradle/libs.versions.toml").readText()
    private val parent = xml(root.resolve("pom.xml"))
    private val ofMaven = parent.all("module").map { it.textContent }

    /** Without those of profiles: tests of this project's own, which Gradle does not know. */
    private val modules =
        parent.elements().single { it.tagName == "modules" }.all("module")
            .map { it.textContent } - ONLY_MAVENS

    @Test
    fun `the versions of Maven are those of the catalogue`() {
        val theirs =
            parent.all("properties").single().elements()
                .filter { it.tagName.startsWith("version.") }
                .associate { it.tagName.removePrefix("version.") to it.textContent }
        val ours = entries("versions").filterKeys { !it.startsWith("gradle-") }
        assertEquals(ours, theirs)
    }

    @Test
    fun `no other place has a version of its own`() {
        val poms = listOf(parent) + ofMaven.map { xml(root.resolve("$it/pom.xml")) }
        val named = listOf("dependency", "plugin", "signature", "artifactItem")
        val ours = poms.flatMap { pom -> named.flatMap { pom.all(it) } }
        for (version in ours.flatMap { it.all("version") }.map { it.textContent }) {
            val isOurs = version == "\${project.version}"
            assertTrue(isOurs || version.startsWith("\${version."), version)
        }
        for (module in modules) {
            val script = root.resolve("$module/build.gradle.kts").readText()
            assertEquals(emptyList<String>(), VERSION.findAll(script).map { it.value }.toList())
        }
    }

    @Test
    fun `the oldest Android that Gradle allows is the one that Maven looks at the code for`() {
        val (oldest) = parent.all("signature").map { it.one("artifactId") }
        assertEquals("gummy-bears-api-${entries("versions")["gradle-min-sdk"]}", oldest)
        val ofAndroid =
            modules.map { it to root.resolve("$it/build.gradle.kts").readText() }
                .filter { (_, script) -> "compileSdk" in script }
        assertEquals(listOf("intercom", "intercom-device", "app"), ofAndroid.map { it.first })
        for ((module, script) in ofAndroid) {
            assertTrue("minSdk = libs.versions.gradle.min.sdk.get()" in script, module)
        }
    }

    @Test
    fun `all plugins are named at the root, and applied by modules`() {
        val script = root.resolve("build.gradle.kts").readText()
        val named = PLUGIN.findAll(script).map { it.groupValues[1].replace('.', '-') }.toSet()
        assertEquals(entries("plugins").keys, named)
    }

    @Test
    fun `both know the same modules`() {
        val included = INCLUDE.findAll(root.resolve("settings.gradle.kts").readText())
        assertEquals(modules, included.map { it.groupValues[1] }.toList())
        for (module in modules) {
            assertTrue(
                root.resolve("$module/build.gradle.kts").exists(),
                module,
            )
        }
    }

    @Test
    fun `both give a module the same dependencies`() {
        val libraries = entries("libraries").mapValues { (_, value) ->
            MODULE.find(value)?.groupValues?.get(1)
        }
        for (module in modules) {
            val script = root.resolve("$module/build.gradle.kts").readText()
            val gradle =
                DEPENDENCY.findAll(script).map {
                    val (scope, library, ours) = it.destructured
                    val name = libraries[library.replace('.', '-')] ?: "org.intercomd:$ours"
                    name to (scope == "testImplementation")
                }
            val maven =
                xml(root.resolve("$module/pom.xml")).all("dependency").map {
                    "${it.one("groupId")}:${it.one("artifactId")}" to (it.one("scope") == "test")
                }
            assertEquals(maven.toSet() - BY_ITSELF, gradle.toSet(), module)
        }
    }

    @Test
    fun `both take the same tests from another module`() {
        for (module in modules) {
            val script = root.resolve("$module/build.gradle.kts").readText()
            val gradle = SOURCE_DIRECTORY.findAll(script).map { it.groupValues[1] }
            val pom = xml(root.resolve("$module/pom.xml"))
            val maven =
                (pom.all("sourceDir") + pom.all("directory")).map { it.textContent }
                    .filter { it.startsWith("\${android.root}") }
                    .map { it.replace("\${android.root}", "..") }
            assertEquals(maven.toSet(), gradle.toSet(), module)
        }
    }

    /** `name = "value"` and `name = { … }` of one table. */
    private fun entries(table: String): Map<String, String> =
        catalogue.substringAfter("[$table]\n").substringBefore("\n[")
            .lines().filter { '=' in it && !it.startsWith("#") }
            .associate { it.substringBefore(" =") to it.substringAfter("= ").trim('"') }

    private fun xml(path: Path): Element =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
            path.toFile(),
        ).documentElement

    private fun Element.elements(): List<Element> =
        (0 until childNodes.length).mapNotNull { childNodes.item(it) as? Element }

    private fun Element.all(name: String): List<Element> = getElementsByTagName(name).let { found ->
        (0 until found.length).map { found.item(it) as Element }
    }

    private fun Element.one(name: String): String? = all(name).firstOrNull()?.textContent

    private companion object {
        /** Classes of Android archives, which Gradle compiles against by itself. */
        const val ONLY_MAVENS = "aars"

        /** Gradle's plugins bring these by themselves. */
        val BY_ITSELF =
            setOf(
                "org.intercomd:$ONLY_MAVENS" to false,
                "org.jetbrains.kotlin:kotlin-stdlib" to false,
                "org.robolectric:android-all" to false,
            )
        val VERSION = Regex(""""\d[^"]*"""")
        val INCLUDE = Regex("""include\(":([a-z-]+)"\)""")
        val SOURCE_DIRECTORY = Regex("""srcDir\("([^"]+)"\)""")
        val PLUGIN = Regex("""alias\(libs\.plugins\.([a-z.]+)\) apply false""")
        val MODULE = Regex("""module = "([^"]+)"""")
        val DEPENDENCY =
            Regex(
                """(api|implementation|testImplementation)\(""" +
                    """(?:libs\.([a-z0-9.]+)|(?:testFixtures\()?project\(":([a-z-]+)"\))""",
            )
    }
}
