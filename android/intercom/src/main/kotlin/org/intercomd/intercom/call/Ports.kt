// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.intercom.audio.Route
import org.intercomd.intercom.audio.Sound
import org.intercomd.phone.link.message.CallId
import kotlin.time.Duration

/** The notifications of one station. Clearing what is not there does nothing. */
interface Notices {
    /**
     * A loud one is heard from its beginning, even if it is there already. [isInTelecom]: Telecom
     * has this call. False where Android lets nothing be shown of it.
     */
    fun ring(ring: Notice.Ring, isInTelecom: Boolean): Boolean

    fun clearRing()

    /** For as long as no service carries it. */
    fun ongoing(ongoing: Notice.Ongoing)

    fun clearOngoing()

    fun missed(missed: Missed)

    fun clearMissed(cid: CallId?)

    /** This phone is not paired any more. */
    fun revoked(station: Station)

    fun clearRevoked()
}

/** What keeps a call alive while the app is not to be seen. */
interface CallService {
    /** Starts it, or has it look again at what it shows. */
    fun launch()

    /** Does nothing when it does not run. */
    fun abort()
}

/** Sound of the calls that Telecom does not look after: it begins once for each, and ends so. */
interface OwnAudio {
    val sound: Sound

    fun begin()

    /** By the person's choice. */
    fun choose(route: Route)

    /** The microphone of the whole phone, whoever's call it is. */
    fun unmute()

    fun end()
}

fun interface Timer {
    fun after(delay: Duration, act: () -> Unit)
}
