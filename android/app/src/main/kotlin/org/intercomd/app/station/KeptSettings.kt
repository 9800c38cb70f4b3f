// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.app.station

import android.content.SharedPreferences
import org.intercomd.intercom.call.StationSettings
import org.intercomd.phone.keys.Thumbprint

/** The settings of each station over restarts: under its id, words for what is not as usual. */
class KeptSettings(private val preferences: SharedPreferences) {
    fun of(id: Thumbprint): StationSettings {
        val words = preferences.getStringSet(id.text, null).orEmpty()
        return StationSettings(isQuiet = QUIET in words, answersLocked = UNLOCK !in words)
    }

    fun keep(id: Thumbprint, settings: StationSettings) {
        val words = buildSet {
            if (settings.isQuiet) add(QUIET)
            if (!settings.answersLocked) add(UNLOCK)
        }
        preferences.edit().putStringSet(id.text, words).apply()
    }

    fun forget(id: Thumbprint) = preferences.edit().remove(id.text).apply()

    fun keepOnly(ids: Set<Thumbprint>) {
        val kept = preferences.edit()
        (preferences.all.keys - ids.map { it.text }.toSet()).forEach(kept::remove)
        kept.apply()
    }

    private companion object {
        const val QUIET = "quiet"
        const val UNLOCK = "unlock"
    }
}
