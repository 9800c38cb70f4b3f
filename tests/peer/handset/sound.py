# SPDX-License-Identifier: MIT OR Apache-2.0
"""A mouth that hums one frequency, and an ear that tells which one it hears."""

import asyncio
import fractions
import time

import av
import numpy
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

RATE = 48_000
FRAME = RATE // 50
# Loud enough to be heard over codec noise: mean squares of full scale 1.
AUDIBLE = 1e-3
SILENT = 1e-6
# What a handset hums: nothing that a door rings with comes near.
TONE = 2300


def power(samples):
    return float(numpy.mean(numpy.square(samples, dtype=numpy.float64))) if len(samples) else 0.0


def power_at(samples, frequency, window=None):
    """Mean square of the part of `samples` that is this one tone."""
    window = numpy.ones(len(samples)) if window is None else window
    phase = numpy.exp(-2j * numpy.pi * frequency / RATE * numpy.arange(len(samples)))
    return float(2 * numpy.abs(numpy.dot(samples * window, phase) / window.sum()) ** 2)


def is_tone(samples, frequency, share=0.8):
    whole = power(samples)
    return whole > AUDIBLE and power_at(samples, frequency) / whole > share


class Mouth(MediaStreamTrack):
    """Always sends: silence where there is no tone, as the specification wants."""

    kind = "audio"

    def __init__(self, frequency=None):
        super().__init__()
        self.frequency = frequency
        self._sent = 0
        self._began = None

    async def recv(self):
        if self.readyState != "live":
            raise MediaStreamError
        self._began = self._began or time.monotonic()
        late = self._began + self._sent / RATE - time.monotonic()
        await asyncio.sleep(max(late, 0))
        frame = av.AudioFrame.from_ndarray(self._samples()[numpy.newaxis], "s16", "mono")
        frame.sample_rate, frame.pts = RATE, self._sent
        frame.time_base = fractions.Fraction(1, RATE)
        self._sent += FRAME
        return frame

    def _samples(self):
        if self.frequency is None:
            return numpy.zeros(FRAME, numpy.int16)
        turns = numpy.arange(self._sent, self._sent + FRAME) * self.frequency / RATE
        return (numpy.sin(2 * numpy.pi * turns) * 16_000).astype(numpy.int16)


class Ear:
    """Keeps the last seconds of what a track brings, and everything's greatest loudness."""

    KEPT = 5 * RATE

    def __init__(self):
        self._kept = numpy.zeros(0, numpy.float32)
        self.samples = 0
        self.loudest = 0.0

    async def listen(self, track):
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self._take(frame)

    def _take(self, frame):
        pcm = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0] / numpy.float32(32768)
        self.samples += len(pcm)
        self.loudest = max(self.loudest, power(pcm))
        self._kept = numpy.concatenate([self._kept, pcm])[-self.KEPT :]

    def last(self, seconds):
        return self._kept[-int(seconds * RATE) :]

    def hears(self, frequency, seconds=0.5):
        heard = self.last(seconds)
        return len(heard) >= int(seconds * RATE) and is_tone(heard, frequency)


class Eye:
    """Counts the pictures of a track and how many of them differ from the one before."""

    def __init__(self):
        self.pictures = 0
        self.changes = 0
        self.size = None
        self._last = None

    async def watch(self, track):
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self._take(frame.to_ndarray(format="gray"), (frame.width, frame.height))

    def _take(self, picture, size):
        self.pictures += 1
        if self._last is not None and self.size == size:
            difference = numpy.abs(picture.astype(numpy.int16) - self._last).mean()
            self.changes += bool(difference > 0.05)
        self._last, self.size = picture.astype(numpy.int16), size
