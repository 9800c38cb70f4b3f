// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.webrtc.DataChannel
import org.webrtc.IceCandidate
import org.webrtc.MediaStream
import org.webrtc.PeerConnection

/** All that a session does not ask about. */
internal abstract class QuietObserver : PeerConnection.Observer {
    override fun onSignalingChange(state: PeerConnection.SignalingState) = Unit

    override fun onIceConnectionChange(state: PeerConnection.IceConnectionState) = Unit

    override fun onIceConnectionReceivingChange(receiving: Boolean) = Unit

    override fun onIceCandidatesRemoved(candidates: Array<IceCandidate>) = Unit

    override fun onAddStream(stream: MediaStream) = Unit

    override fun onRemoveStream(stream: MediaStream) = Unit

    override fun onDataChannel(channel: DataChannel) = Unit

    override fun onRenegotiationNeeded() = Unit
}
