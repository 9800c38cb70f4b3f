// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import android.content.Context

fun interface Texts {
    fun of(saying: Saying): String

    fun of(text: Phrase, vararg values: Any): String = of(Saying(text, values.toList()))
}

/**
 * Strings looked up by name. There is no class `R` where this library is built without Android's
 * resource compiler; res/raw/intercom_keep.xml keeps the strings from being thought unused.
 */
class ResourceTexts(private val context: Context) : Texts {
    private val ids = mutableMapOf<Phrase, Int>()

    override fun of(saying: Saying): String {
        val values = saying.values.map { if (it is Saying) of(it) else it }
        val id = ids.getOrPut(saying.text) { id(saying.text) }
        return context.getString(id, *values.toTypedArray())
    }

    private fun id(text: Phrase): Int =
        context.resources.getIdentifier(text.resource, "string", context.packageName)
}
