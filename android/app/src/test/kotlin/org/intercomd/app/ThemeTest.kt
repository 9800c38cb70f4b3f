// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import org.junit.Assert.assertEquals
import org.junit.Test
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** No resource compiler looks at these files where the tests run. */
class ThemeTest {
    @Test
    fun `the status bar has dark signs by day and light ones by night`() {
        val bar = only("values-v29/styles.xml", "item")
        assertEquals("android:windowLightStatusBar" to "@bool/app_is_day", bar)
        assertEquals("app_is_day" to "true", only("values/bools.xml", "bool"))
        assertEquals("app_is_day" to "false", only("values-night/bools.xml", "bool"))
    }

    private fun only(file: String, tag: String): Pair<String, String> {
        val all = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(Path.of("src/main/res", file).toFile()).getElementsByTagName(tag)
        assertEquals(1, all.length)
        val found = all.item(0)
        return found.attributes.getNamedItem("name").nodeValue to found.textContent
    }
}
