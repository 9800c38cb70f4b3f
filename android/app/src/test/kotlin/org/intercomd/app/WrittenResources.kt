// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app

import android.content.res.Resources
import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** Those of Android, and the strings of this app and its library: nobody compiles them here. */
@Suppress("DEPRECATION")
internal class WrittenResources(android: Resources) :
    Resources(android.assets, android.displayMetrics, android.configuration) {
    private val language =
        if (android.configuration.locales[0].language == "de") "values-de" else "values"

    override fun getIdentifier(name: String, defType: String, defPackage: String): Int {
        val place = names.indexOf(name)
        return if (place < 0) super.getIdentifier(name, defType, defPackage) else FIRST + place
    }

    override fun getText(id: Int): CharSequence {
        val name = names.getOrNull(id - FIRST) ?: return super.getText(id)
        return strings.getValue(language).getValue(name)
    }

    private companion object {
        const val FIRST = 0x7f010000
        val strings =
            listOf("values", "values-de").associateWith { read(".", it) + read(OF_LIBRARY, it) }
        val names = strings.getValue("values").keys.toList()
        const val OF_LIBRARY = "../intercom"

        fun read(module: String, directory: String): Map<String, String> {
            val file = Path.of("$module/src/main/res/$directory/strings.xml").toFile()
            val found =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file)
                    .getElementsByTagName("string")
            return (0 until found.length).map { found.item(it) as Element }
                .associate { it.getAttribute("name") to it.textContent }
        }
    }
}
