// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.words.VideoCodec

/** The sessions of one station, whose pictures go to [pictures]. */
class WebRtcPeers(
    private val webRtc: WebRtc,
    private val pictures: Pictures,
    private val thread: MediaThread,
) : Peers {
    override val decodable: List<VideoCodec>
        get() = webRtc.decodable

    override fun open(offer: Offer, sound: Sound, news: PeerNews): Peer =
        WebRtcPeer(webRtc, pictures, thread, offer, sound, news)
}
