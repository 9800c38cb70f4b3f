// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.audio

/** Where the sound goes. [mask] is what Telecom calls it below API 34, [endpoint] from there on. */
enum class Route(val mask: Int, val endpoint: Int) {
    Earpiece(mask = 1, endpoint = 1),
    Bluetooth(mask = 2, endpoint = 2),
    WiredHeadset(mask = 4, endpoint = 3),
    Speaker(mask = 8, endpoint = 4),

    /** To another device of the person. */
    Elsewhere(mask = 16, endpoint = 5),
    ;

    val isHeadset: Boolean
        get() = this == Bluetooth || this == WiredHeadset
}

/** Whoever puts on a headset wants to hear by it, whatever was chosen before. */
internal fun hasNewHeadset(available: Set<Route>, known: Set<Route>): Boolean =
    (available - known).any(Route::isHeadset)

internal fun routesOf(mask: Int): Set<Route> =
    Route.entries.filter { it.mask and mask != 0 }.toSet()

internal fun routeOf(endpoint: Int): Route =
    Route.entries.find { it.endpoint == endpoint } ?: Route.Elsewhere
