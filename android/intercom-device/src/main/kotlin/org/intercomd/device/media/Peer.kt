// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.words.NoSession
import org.intercomd.phone.words.VideoCodec

/** WebRTC, as much of it as a session needs. Used on the thread of media only. */
interface Peers {
    /** What can be shown, the likeliest first. */
    val decodable: List<VideoCodec>

    /** It takes the offer at once. @throws NoPeer */
    fun open(offer: Offer, sound: Sound, news: PeerNews): Peer
}

class NoPeer(why: String, cause: Throwable? = null) : Exception(why, cause)

/** One connection. */
interface Peer {
    /** After [PeerNews.answered] only. One that cannot be read is one fewer. */
    fun add(mline: Long, candidate: Candidate)

    fun pass(sound: Sound)

    fun close()
}

/** What a [Peer] tells, on any thread. */
interface PeerNews {
    fun answered(sdp: Sdp)

    fun found(mline: Long, candidate: Candidate)

    fun connected()

    /** May heal by itself. */
    fun interrupted()

    fun failed(reason: NoSession)
}

/** What passes. The far side hears silence where it does not hear this one, never nothing. */
data class Sound(val isHeard: Boolean, val hears: Boolean) {
    companion object {
        val NONE = Sound(isHeard = false, hears = false)
    }
}
