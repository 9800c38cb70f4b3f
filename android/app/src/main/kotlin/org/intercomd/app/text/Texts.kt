// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.text

import android.content.Context

fun interface Texts {
    fun of(saying: Saying): String
}

/** Strings looked up by name, as in module intercom; res/raw/app_keep.xml keeps them. */
class ResourceTexts(private val context: Context) : Texts {
    override fun of(saying: Saying): String {
        val values = saying.values.map { if (it is Saying) of(it) else it }
        return context.getString(id(saying.text), *values.toTypedArray())
    }

    private fun id(text: Text): Int =
        context.resources.getIdentifier(text.resource, "string", context.packageName)
}
