// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.call

import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Direction
import org.intercomd.phone.words.Media
import org.intercomd.phone.words.MediaState
import org.intercomd.phone.words.Status

/** The call that this handset has a part in. */
data class Call(
    /** Null while the station has not given it one. */
    val cid: CallId?,
    val phase: Phase,
    val direction: Direction,
    val contact: String? = null,
    val media: Media,
    /** This handset listens in. */
    val isMonitor: Boolean = false,
    val isMuted: Boolean = false,
    val isHeld: Boolean = false,
    val isHeldByStation: Boolean = false,
    /** Once the station warned of it. */
    val endsAt: Moment? = null,
    val talkingSince: Moment? = null,
    val mediaState: MediaState = MediaState.None,
) {
    val status: Status
        get() = phase.status

    val rings: Boolean
        get() = phase is Phase.Ringing && !phase.isSilenced

    val isOnHold: Boolean
        get() = isHeld || isHeldByStation

    /** Whether the visitor may hear this handset. */
    val talks: Boolean
        get() = phase.isInCall && !isMonitor && !isMuted && !isOnHold

    /** Whether the visitor is heard here. */
    val listens: Boolean
        get() = phase.isInCall && !isOnHold

    /** Whether this handset may be heard sooner or later, so that the microphone is opened. */
    val wantsMicrophone: Boolean
        get() =
            !isMonitor &&
                when (phase) {
                    Phase.Dialling, Phase.Calling, is Phase.Answering -> true
                    Phase.Connecting, Phase.Ongoing -> true
                    is Phase.Ringing, is Phase.Leaving -> false
                }
}
