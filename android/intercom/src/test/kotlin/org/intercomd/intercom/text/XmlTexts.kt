// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import org.w3c.dom.Element
import java.nio.file.Path
import javax.xml.parsers.DocumentBuilderFactory

/** The strings as they are written, for where no resources are compiled. */
internal class XmlTexts(directory: String = "values") : Texts {
    val strings: Map<String, String> = run {
        val file = Path.of("src/main/res/$directory/strings.xml").toFile()
        val found =
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file)
                .getElementsByTagName("string")
        (0 until found.length).map { found.item(it) as Element }
            .associate { it.getAttribute("name") to it.textContent }
    }

    override fun of(saying: Saying): String {
        val values = saying.values.map { if (it is Saying) of(it) else it }
        return strings.getValue(saying.text.resource).format(*values.toTypedArray())
    }
}
