# SPDX-License-Identifier: MIT OR Apache-2.0
"""The handset's end of the wire, with the moments at which things get there.

A packet is decoded when it arrives, without the handset's jitter buffer: that is the phone's
business, and aiortc's is not one of a phone.
"""

import asyncio
import time

import av
import numpy

from handset.sound import AUDIBLE, FRAME, RATE, Mouth, power


class Wire:
    """Arrived sound: (moment, samples) of every packet since it was tapped."""

    def __init__(self, session):
        self.arrived = []
        self._decoder = av.CodecContext.create("libopus", "r")
        for transceiver in session.peer.getTransceivers():
            if transceiver.kind == "audio":
                self._tap(transceiver.receiver)

    def _tap(self, receiver):
        pass_on = receiver._handle_rtp_packet

        async def tapped(packet, arrival_time_ms):
            moment = time.monotonic()
            if packet.payload:
                self._take(moment, packet.payload)
            await pass_on(packet, arrival_time_ms=arrival_time_ms)

        receiver._handle_rtp_packet = tapped

    def _take(self, moment, payload):
        for frame in self._decoder.decode(av.Packet(payload)):
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0]
            self.arrived.append((moment, _as_float(samples)))

    async def first_sound(self, within=20.0):
        """When the first packet that is no silence got here."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            for moment, samples in self.arrived:
                if power(samples) > AUDIBLE:
                    return moment
            await asyncio.sleep(0.002)
        raise TimeoutError("no sound")


def _as_float(samples):
    if samples.dtype == numpy.int16:
        return samples / numpy.float32(32768)
    return samples


def onset(samples):
    """The first loud sample, or None."""
    loud = numpy.flatnonzero(numpy.abs(samples) > 0.1)
    return int(loud[0]) if len(loud) else None


class Clapper(Mouth):
    """Silence, and a clap of 20 ms each second; `claps` are the moments of their beginning.

    A microphone gives a frame when it is full, so the frame's first sample was said a frame
    earlier.
    """

    def __init__(self):
        super().__init__()
        self.claps = []

    def _samples(self):
        if self._sent % RATE or self._sent == 0:
            return numpy.zeros(FRAME, numpy.int16)
        self.claps.append(time.monotonic() - FRAME / RATE)
        turns = numpy.arange(FRAME) * 1000 / RATE
        return (numpy.sin(2 * numpy.pi * turns) * 24_000).astype(numpy.int16)


class Door:
    """The station's growing playback file: the moment of the first loud sample of each piece."""

    def __init__(self, played):
        self._played = played
        self.loud = []

    def delay(self, clap):
        """From the clap until it was heard, if it was."""
        return min((heard - clap for heard in self.loud if 0 < heard - clap < 0.5), default=None)

    async def listen(self):
        at = self._played.position()
        while True:
            await asyncio.sleep(0.001)
            moment, end = time.monotonic(), self._played.position()
            if end == at:
                continue
            first = onset(self._played.since(at)[: end - at])
            if first is not None:
                # What was written together is heard one after the other.
                self.loud.append(moment + first / RATE)
            at = end
