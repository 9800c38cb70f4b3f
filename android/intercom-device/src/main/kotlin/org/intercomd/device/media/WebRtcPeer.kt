// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.device.media

import org.intercomd.phone.link.message.Candidate
import org.intercomd.phone.link.message.IceServer
import org.intercomd.phone.link.message.Offer
import org.intercomd.phone.link.message.Sdp
import org.intercomd.phone.words.NoSession
import org.webrtc.AudioTrack
import org.webrtc.IceCandidate
import org.webrtc.MediaConstraints
import org.webrtc.MediaStreamTrack.MediaType
import org.webrtc.PeerConnection
import org.webrtc.RtpTransceiver
import org.webrtc.RtpTransceiver.RtpTransceiverDirection
import org.webrtc.SdpObserver
import org.webrtc.SessionDescription
import org.webrtc.VideoTrack

/**
 * A peer connection. What it tells comes on a thread of its own, on which it may not be let go;
 * every step is made on that of media. That the far side is the one of the offer's fingerprint,
 * WebRTC sees to by itself.
 */
internal class WebRtcPeer(
    webRtc: WebRtc,
    private val pictures: Pictures,
    private val thread: MediaThread,
    offer: Offer,
    private var sound: Sound,
    private val news: PeerNews,
) : Peer {
    private val connection = connection(webRtc, offer.ice)
    private val microphone = webRtc.factory.createAudioTrack("microphone", webRtc.source)
    private var loudspeaker: AudioTrack? = null
    private var picture: VideoTrack? = null
    private var isClosed = false

    init {
        microphone.setEnabled(sound.isHeard)
        val description = SessionDescription(SessionDescription.Type.OFFER, offer.sdp.text)
        connection.setRemoteDescription(Step { taken() }, description)
    }

    override fun add(mline: Long, candidate: Candidate) {
        if (candidate.line.isEmpty()) return
        connection.addIceCandidate(iceCandidate(mline, candidate))
    }

    override fun pass(sound: Sound) {
        this.sound = sound
        microphone.setEnabled(sound.isHeard)
        loudspeaker?.setEnabled(sound.hears)
    }

    override fun close() {
        isClosed = true
        picture?.removeSink(pictures)
        connection.dispose()
        microphone.dispose()
    }

    private fun connection(webRtc: WebRtc, servers: List<IceServer>): PeerConnection = try {
        webRtc.factory.createPeerConnection(configuration(servers), Observer())
    } catch (e: IllegalArgumentException) {
        throw NoPeer("ICE servers that are none", e)
    } ?: throw NoPeer("WebRTC has no connection to give")

    private fun taken() {
        for (transceiver in connection.transceivers) {
            when (transceiver.mediaType) {
                MediaType.MEDIA_TYPE_AUDIO -> talkAndListen(transceiver)
                MediaType.MEDIA_TYPE_VIDEO -> look(transceiver)
                else -> Unit
            }
        }
        connection.createAnswer(Step { answered(checkNotNull(it)) }, MediaConstraints())
    }

    private fun talkAndListen(transceiver: RtpTransceiver) {
        transceiver.direction = RtpTransceiverDirection.SEND_RECV
        transceiver.sender.setTrack(microphone, false)
        loudspeaker = transceiver.receiver.track() as? AudioTrack
        loudspeaker?.setEnabled(sound.hears)
    }

    private fun look(transceiver: RtpTransceiver) {
        transceiver.direction = RtpTransceiverDirection.RECV_ONLY
        picture = transceiver.receiver.track() as? VideoTrack
        picture?.addSink(pictures)
    }

    private fun answered(answer: SessionDescription) {
        news.answered(Sdp(answer.description))
        connection.setLocalDescription(Step {}, answer)
    }

    private inner class Step(private val next: (SessionDescription?) -> Unit) : SdpObserver {
        override fun onCreateSuccess(description: SessionDescription) = go(description)

        override fun onSetSuccess() = go(null)

        override fun onCreateFailure(error: String?) = news.failed(NoSession.BadDescription)

        override fun onSetFailure(error: String?) = news.failed(NoSession.BadDescription)

        private fun go(description: SessionDescription?) = thread.run {
            if (!isClosed) next(description)
        }
    }

    private inner class Observer : QuietObserver() {
        override fun onIceCandidate(candidate: IceCandidate) =
            news.found(candidate.sdpMLineIndex.toLong(), Candidate(candidate.sdp))

        override fun onIceGatheringChange(state: PeerConnection.IceGatheringState) {
            if (state == PeerConnection.IceGatheringState.COMPLETE) news.found(0, Candidate(""))
        }

        override fun onConnectionChange(state: PeerConnection.PeerConnectionState) {
            when (state) {
                PeerConnection.PeerConnectionState.CONNECTED -> news.connected()
                PeerConnection.PeerConnectionState.DISCONNECTED -> news.interrupted()
                PeerConnection.PeerConnectionState.FAILED -> news.failed(NoSession.IceFailed)
                else -> Unit
            }
        }
    }

    private companion object {
        fun configuration(servers: List<IceServer>) =
            PeerConnection.RTCConfiguration(servers.map(::server)).apply {
                bundlePolicy = PeerConnection.BundlePolicy.MAXBUNDLE
                rtcpMuxPolicy = PeerConnection.RtcpMuxPolicy.REQUIRE
                tcpCandidatePolicy = PeerConnection.TcpCandidatePolicy.DISABLED
                sdpSemantics = PeerConnection.SdpSemantics.UNIFIED_PLAN
                keyType = PeerConnection.KeyType.ECDSA
            }

        private fun server(server: IceServer): PeerConnection.IceServer =
            PeerConnection.IceServer.builder(server.urls)
                .setUsername(server.username.orEmpty())
                .setPassword(server.credential.orEmpty())
                .createIceServer()
    }
}
