// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

/** Where the sound of a call goes, and where it could go. */
data class Sound(
    /** Null: nobody has said. */
    val route: Route? = null,
    val available: Set<Route> = emptySet(),
) {
    /** What one switches to: from the loudspeaker to what is nearest to the ear, and back. */
    val other: Route?
        get() = when (route) {
            null -> null
            Route.Speaker -> NEAR.find { it in available }
            else -> Route.Speaker.takeIf { it in available }
        }

    private companion object {
        val NEAR = listOf(Route.Bluetooth, Route.WiredHeadset, Route.Earpiece)
    }
}
