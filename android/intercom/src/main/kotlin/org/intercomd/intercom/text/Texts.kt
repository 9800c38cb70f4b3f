// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.text

import android.content.Context

fun interface Texts {
    fun of(text: Text, vararg values: Any): String
}

/**
 * Strings looked up by name. There is no class `R` where this library is built without Android's
 * resource compiler; res/raw/intercom_keep.xml keeps the strings from being thought unused.
 */
internal class ResourceTexts(private val context: Context) : Texts {
    private val ids = mutableMapOf<Text, Int>()

    override fun of(text: Text, vararg values: Any): String {
        val id = ids.getOrPut(text) { id(text) }
        return context.getString(id, *values)
    }

    private fun id(text: Text): Int =
        context.resources.getIdentifier(text.resource, "string", context.packageName)
}
