// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

/**
 * A door is talked to hands-free, so the loudspeaker, but never past a headset, and not against
 * what the person chose. Asked again only when there are other routes than before: whatever was
 * changed meanwhile, somebody wanted it.
 */
internal class SpeakerFirst {
    private var known: Set<Route> = emptySet()
    private var chosen: Route? = null

    /** Null: it is fine as it is. */
    fun wanted(available: Set<Route>): Route? {
        if (available == known) return null
        if (hasNewHeadset(available, known)) chosen = null
        known = available
        if (chosen in available) return null
        return Route.Speaker.takeIf { it in available && available.none(Route::isHeadset) }
    }

    fun choose(route: Route) {
        chosen = route
    }
}
