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
        /** To be seen, not to be heard. */
        val isQuiet: Boolean,
        /** It lights up the phone; else it is found by whoever looks. */
        val fillsScreen: Boolean,
        val until: Moment,
    ) : Notice

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
            isQuiet = phase.isSilenced || settings.isQuiet,
            fillsScreen = !settings.isQuiet,
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
