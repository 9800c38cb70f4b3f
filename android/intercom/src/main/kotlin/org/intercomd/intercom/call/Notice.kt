// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.intercom.call

import org.intercomd.phone.call.Call
import org.intercomd.phone.call.Phase
import org.intercomd.phone.link.message.CallId
import org.intercomd.phone.time.Moment
import org.intercomd.phone.words.Media

/** What is to be seen of a call outside the app. */
sealed interface Notice {
    val station: Station
    val isVideo: Boolean

    data class Ring(
        override val station: Station,
        val contact: String?,
        override val isVideo: Boolean,
        val manner: Manner,
        val until: Moment,
    ) : Notice {
        enum class Manner {
            /** It lights up the phone and is heard. */
            Loud,

            /** It lights up the phone, and was silenced. */
            Silenced,

            /** It is found by whoever looks. */
            Aside,
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

internal fun notice(station: Station, call: Call, settings: StationSettings): Notice {
    val isVideo = call.media == Media.Video
    val phase = call.phase
    if (phase is Phase.Ringing) {
        return Notice.Ring(
            station = station,
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
    )
}
