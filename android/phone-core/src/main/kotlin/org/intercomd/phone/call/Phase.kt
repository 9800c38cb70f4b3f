// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Status

/** What a call is doing on this handset. */
sealed interface Phase {
    val status: Status

    /** The station was asked, and has not given the call a number yet. */
    data object Dialling : Phase {
        override val status = Status.Initiated
    }

    /** The panel rings. */
    data object Calling : Phase {
        override val status = Status.Ringing
    }

    /** This handset rings, [until] then at most. */
    data class Ringing(val until: Moment, val isSilenced: Boolean = false) : Phase {
        override val status = Status.Ringing
    }

    /** It asked to be the one; the station has not said yet who it is. */
    data class Answering(val until: Moment) : Phase {
        override val status = Status.Ringing
    }

    /** In the call, without media yet. */
    data object Connecting : Phase {
        override val status = Status.Connecting
    }

    data object Ongoing : Phase {
        override val status = Status.Ongoing
    }

    /** It asked to be out of the call. */
    data class Leaving(override val status: Status) : Phase

    val isInCall: Boolean
        get() = this == Connecting || this == Ongoing
}
