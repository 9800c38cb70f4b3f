// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media
import kotlin.time.Duration.Companion.seconds

/** What is to be seen of a call outside the app. */
sealed interface Notice {
    val station: Station
    val isVideo: Boolean

    data class Ring(
        override val station: Station,
        val cid: CallId?,
        val contact: String?,
        override val isVideo: Boolean,
        val manner: Manner,
        val until: Moment,
    ) : Notice {
        /** Nothing new is to be seen. A loud one that is shown again begins its sound anew. */
        fun isShownBy(earlier: Ring?): Boolean = earlier != null &&
            copy(until = earlier.until) == earlier && until <= earlier.until + SLACK

        enum class Manner {
            /** It lights up the phone and is heard. */
            Loud,

            /** It lights up the phone, and was silenced. */
            Silenced,

            /** It is found by whoever looks. */
            Aside,
        }

        companion object {
            /** The end of a ring is told anew with whatever the station says, and is no other one. */
            val SLACK = 5.seconds
        }
    }

    data class Ongoing(
        override val station: Station,
        val contact: String?,
        override val isVideo: Boolean,
        /** The station has let this handset into the call. */
        val isJoined: Boolean,
        val isMuted: Boolean,
        val isOnHold: Boolean,
        val talkingSince: Moment?,
        /** Held on this side, since another call came first. The person says when it goes on. */
        val isPaused: Boolean = false,
    ) : Notice
}

/** A call that nobody took. */
data class Missed(
    val station: Station,
    val cid: CallId?,
    val contact: String?,
    /** To be seen, not to be heard. */
    val isQuiet: Boolean,
)

internal fun notice(
    station: Station,
    call: Call,
    settings: StationSettings,
    isPaused: Boolean,
): Notice {
    val isVideo = call.media == Media.Video
    val phase = call.phase
    if (phase is Phase.Ringing) {
        return Notice.Ring(
            station = station,
            cid = call.cid,
            contact = call.contact,
            isVideo = isVideo,
            manner = when {
                settings.isQuiet -> Notice.Ring.Manner.Aside
                phase.isSilenced -> Notice.Ring.Manner.Silenced
                else -> Notice.Ring.Manner.Loud
            },
            until = phase.until,
        )
    }
    return Notice.Ongoing(
        station = station,
        contact = call.contact,
        isVideo = isVideo,
        isJoined = phase.isInCall,
        isMuted = call.isMuted,
        isOnHold = call.isOnHold,
        talkingSince = call.talkingSince,
        isPaused = isPaused || call.isHeld,
    )
}
