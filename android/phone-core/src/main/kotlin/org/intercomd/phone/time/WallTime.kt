// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.time

import org.intercomd.phone.json.Json
import org.intercomd.phone.json.count
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What the clock on the wall shows, since 1970. It may be wrong, and change. */
@JvmInline
value class WallTime(val millis: Long) {
    /** Negative once [later] is over. */
    fun until(later: WallTime): Duration = (later.millis - millis).milliseconds

    companion object {
        /** In seconds, as pushes have it. */
        fun read(json: Json): WallTime = WallTime(count(json) * 1000)
    }
}
