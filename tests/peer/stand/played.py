# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the station played at the door: a growing file of s16le, 48 kHz, mono."""

import os

import numpy

from handset.sound import RATE, is_tone, power_at

_PART = RATE // 10
# Keeps what else is played out of the neighbouring frequencies.
_WINDOW = numpy.hanning(_PART)


class Played:
    def __init__(self, path):
        self._path = path

    def position(self):
        return os.path.getsize(self._path) // 2 if os.path.exists(self._path) else 0

    def since(self, position):
        if self.position() <= position:
            return numpy.zeros(0, numpy.float32)
        with open(self._path, "rb") as file:
            file.seek(position * 2)
            raw = file.read()
        return numpy.frombuffer(raw[: len(raw) // 2 * 2], "<i2") / numpy.float32(32768)

    def last(self, seconds, since=0):
        return self.since(max(self.position() - int(seconds * RATE), since))

    def hears(self, frequency, seconds=0.5, since=0):
        heard = self.last(seconds, since)
        return len(heard) >= int(seconds * RATE) and is_tone(heard, frequency)

    def most_of(self, frequency, since=0):
        """The greatest power of this tone in any tenth of a second."""
        heard = self.since(since)
        parts = (heard[at : at + _PART] for at in range(0, len(heard) - _PART, _PART // 2))
        return max((power_at(part, frequency, _WINDOW) for part in parts), default=0.0)
