# SPDX-License-Identifier: MIT OR Apache-2.0
"""One WebRTC connection of a leg: the station offers, we answer, once (section 6)."""

import asyncio

from aiortc import (
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.sdp import candidate_from_sdp

from .deadlines import stop
from .sound import Ear, Eye


class Session:
    def __init__(self, cid, number, ice, mouth, relay_only=False):
        self.cid, self.number = cid, number
        policy = RTCIceTransportPolicy.RELAY if relay_only else RTCIceTransportPolicy.ALL
        servers = [RTCIceServer(**server) for server in ice]
        self.peer = RTCPeerConnection(RTCConfiguration(servers, iceTransportPolicy=policy))
        self.mouth, self.ear, self.eye = mouth, Ear(), Eye()
        self.text = None
        self._early = []
        self._ready = False
        self._tasks = []
        self.peer.on("track", self._on_track)

    def _on_track(self, track):
        follow = self.ear.listen if track.kind == "audio" else self.eye.watch
        self._tasks.append(asyncio.create_task(follow(track)))

    async def answer(self, offer):
        """The answer's text, with all of our candidates: aiortc does not trickle."""
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self.peer.addTrack(self.mouth)
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        self._ready = True
        for early in self._early:
            await self._add(*early)
        return self.peer.localDescription.sdp

    async def candidate(self, mline, text):
        if self._ready:
            await self._add(mline, text)
        else:
            self._early.append((mline, text))

    async def _add(self, mline, text):
        if text == "":
            return await self.peer.addIceCandidate(None)
        candidate = candidate_from_sdp(text.removeprefix("a=").removeprefix("candidate:"))
        candidate.sdpMLineIndex = mline
        if candidate.protocol.lower() == "udp":
            await self.peer.addIceCandidate(candidate)

    @property
    def state(self):
        return self.peer.connectionState

    @property
    def dtls_state(self):
        return self.peer.getTransceivers()[0].receiver.transport.state

    def pair(self):
        """The addresses that the media takes: (local type, remote type, local, remote)."""
        transport = self.peer.getTransceivers()[0].receiver.transport.transport
        pair = transport._connection._nominated[1]
        local, remote = pair.local_candidate, pair.remote_candidate
        return local.type, remote.type, local.host, remote.host

    async def close(self):
        self.mouth.stop()
        await self.peer.close()
        await stop(self._tasks)
