// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.service

import android.app.Notification

/** What a service asks of Android, which throws at whoever asks too much. */
internal interface ForegroundSystem {
    fun enter(notification: Notification, types: Set<ServiceType>)

    fun leave()
}

/**
 * A service's way into the foreground, in two steps: as a phone call, which is always allowed, and
 * then with what needs the person's permission and eyes.
 */
internal class Foreground(private val system: ForegroundSystem) {
    private var types: Set<ServiceType> = emptySet()

    fun start(notification: Notification): Boolean {
        val first = types.ifEmpty { setOf(ServiceType.PhoneCall) }
        return attempt { system.enter(notification, first) }.also { if (it) types = first }
    }

    /** Stays as it is if that is refused. */
    fun extend(conditions: ServiceConditions, notification: Notification) {
        val wanted = types + serviceTypes(conditions, types)
        if (wanted != types && attempt { system.enter(notification, wanted) }) types = wanted
    }

    fun stop() {
        types = emptySet()
        system.leave()
    }
}

/** False when Android does not allow it at the moment, or to this app. */
internal fun attempt(act: () -> Unit): Boolean = try {
    act()
    true
} catch (notAllowed: SecurityException) {
    false
} catch (notNow: IllegalStateException) {
    false
} catch (notSo: IllegalArgumentException) {
    false
}
