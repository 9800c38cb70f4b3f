// SPDX-License-Identifier: MIT OR Apache-2.0
package org.intercomd.phone.e2e.rtc

import dev.onvoid.webrtc.CreateSessionDescriptionObserver
import dev.onvoid.webrtc.PeerConnectionObserver
import dev.onvoid.webrtc.RTCAnswerOptions
import dev.onvoid.webrtc.RTCConfiguration
import dev.onvoid.webrtc.RTCIceCandidate
import dev.onvoid.webrtc.RTCIceGatheringState
import dev.onvoid.webrtc.RTCIceServer
import dev.onvoid.webrtc.RTCPeerConnection
import dev.onvoid.webrtc.RTCPeerConnectionState
import dev.onvoid.webrtc.RTCRtpTransceiver
import dev.onvoid.webrtc.RTCRtpTransceiverDirection
import dev.onvoid.webrtc.RTCSdpType
import dev.onvoid.webrtc.RTCSessionDescription
import dev.onvoid.webrtc.SetSessionDescriptionObserver
import dev.onvoid.webrtc.media.audio.AudioTrack
import dev.onvoid.webrtc.media.video.VideoTrack
import org.intercomd.phone.link.message.Ice
import org.intercomd.phone.link.message.IceServer
import org.intercomd.phone.link.message.Offer
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/**
 * One connection of WebRTC: the station offers, this side answers, once. Used on one thread; its
 * news come on others.
 */
class Session(offer: Offer, device: Device, private val on: On) {
    interface On {
        /** The line is empty where there are no more. */
        fun candidate(mline: Long, line: String)

        fun state(state: RTCPeerConnectionState)
    }

    val ear = Ear()
    val eye = Eye()
    val number = offer.session

    /** Its text, as it was said. */
    val answer: String

    private val peer: RTCPeerConnection =
        device.factory.createPeerConnection(
            RTCConfiguration().apply { iceServers = offer.ice.map(::server) },
            Observer(),
        )

    init {
        done {
            peer.setRemoteDescription(RTCSessionDescription(RTCSdpType.OFFER, offer.sdp.text), it)
        }
        val sound = peer.transceivers.first { it.receiver.track is AudioTrack }
        sound.direction = RTCRtpTransceiverDirection.SEND_RECV
        sound.sender.replaceTrack(device.microphone)
        val made = made { peer.createAnswer(RTCAnswerOptions(), it) }
        answer = made.sdp
        done { peer.setLocalDescription(made, it) }
    }

    fun add(ice: Ice) {
        val line = ice.candidate.line
        if (line.isNotEmpty()) peer.addIceCandidate(RTCIceCandidate(null, ice.mline.toInt(), line))
    }

    fun close() = peer.close()

    private inner class Observer : PeerConnectionObserver {
        override fun onTrack(transceiver: RTCRtpTransceiver) {
            when (val track = transceiver.receiver.track) {
                is AudioTrack -> track.addSink(ear)
                is VideoTrack -> track.addSink(eye)
            }
        }

        override fun onIceCandidate(candidate: RTCIceCandidate) {
            on.candidate(candidate.sdpMLineIndex.toLong(), candidate.sdp)
        }

        override fun onIceGatheringChange(state: RTCIceGatheringState) {
            if (state == RTCIceGatheringState.COMPLETE) on.candidate(0, "")
        }

        override fun onConnectionChange(state: RTCPeerConnectionState) = on.state(state)
    }

    private fun done(act: (SetSessionDescriptionObserver) -> Unit) {
        val done = CompletableFuture<Unit>()
        act(
            object : SetSessionDescriptionObserver {
                override fun onSuccess() {
                    done.complete(Unit)
                }

                override fun onFailure(error: String) {
                    done.completeExceptionally(IllegalStateException(error))
                }
            },
        )
        done.get(PATIENCE_S, TimeUnit.SECONDS)
    }

    private fun made(act: (CreateSessionDescriptionObserver) -> Unit): RTCSessionDescription {
        val made = CompletableFuture<RTCSessionDescription>()
        act(
            object : CreateSessionDescriptionObserver {
                override fun onSuccess(description: RTCSessionDescription) {
                    made.complete(description)
                }

                override fun onFailure(error: String) {
                    made.completeExceptionally(IllegalStateException(error))
                }
            },
        )
        return made.get(PATIENCE_S, TimeUnit.SECONDS)
    }

    private companion object {
        const val PATIENCE_S = 30L

        fun server(from: IceServer) = RTCIceServer().apply {
            urls = from.urls
            username = from.username.orEmpty()
            password = from.credential.orEmpty()
        }
    }
}
