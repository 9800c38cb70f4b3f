// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import android.content.SharedPreferences
import org.intercomd.intercom.call.StationSettings
import org.intercomd.phone.keys.Thumbprint
import org.junit.Assert.assertEquals
import org.junit.Test
import java.lang.reflect.Proxy

class KeptSettingsTest {
    private val onDisk = mutableMapOf<String, Any?>()
    private val front = checkNotNull(Thumbprint.parse("A".repeat(43)))
    private val gate = checkNotNull(Thumbprint.parse("E".repeat(42) + "A"))

    @Test
    fun `what was set is so after a restart`() {
        for (isQuiet in listOf(false, true)) {
            for (answersLocked in listOf(false, true)) {
                val settings = StationSettings(isQuiet, answersLocked)
                kept().keep(front, settings)
                assertEquals(settings, kept().of(front))
            }
        }
    }

    @Test
    fun `a station of which nothing is known is as usual`() {
        kept().keep(front, StationSettings(isQuiet = true, answersLocked = false))
        assertEquals(StationSettings(), kept().of(gate))
    }

    @Test
    fun `nothing is kept of a station that is forgotten`() {
        for (id in listOf(front, gate)) kept().keep(id, StationSettings(isQuiet = true))
        kept().forget(front)
        assertEquals(setOf(gate.text), onDisk.keys)
    }

    @Test
    fun `nor of one that is not there any more`() {
        for (id in listOf(front, gate)) kept().keep(id, StationSettings(isQuiet = true))
        kept().keepOnly(setOf(front))
        assertEquals(setOf(front.text), onDisk.keys)
    }

    private fun kept() = KeptSettings(preferences())

    /** As much of them as is used here. */
    private fun preferences(): SharedPreferences = fake { called, values ->
        when (called) {
            "getAll" -> onDisk
            "getStringSet" -> onDisk[values[0]] ?: values[1]
            "edit" -> editor()
            else -> error(called)
        }
    }

    private fun editor(): SharedPreferences.Editor {
        val changes = mutableListOf<() -> Unit>()
        lateinit var self: SharedPreferences.Editor
        self = fake { called, values ->
            when (called) {
                "putStringSet" -> self.also { changes += { onDisk["${values[0]}"] = values[1] } }
                "remove" -> self.also { changes += { onDisk -= "${values[0]}" } }
                "apply" -> changes.forEach { it() }
                else -> error(called)
            }
        }
        return self
    }

    private inline fun <reified T> fake(
        crossinline does: (called: String, values: Array<Any?>) -> Any?,
    ): T = Proxy.newProxyInstance(
        T::class.java.classLoader,
        arrayOf(T::class.java),
    ) { _, method, values -> does(method.name, values ?: emptyArray()) } as T
}
