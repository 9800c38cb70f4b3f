# SPDX-License-Identifier: MIT OR Apache-2.0
"""What is said: sentences of a synthesiser, each with its place."""

import io
import subprocess

import av
import numpy

from handset.sound import FRAME, RATE, Mouth

SENTENCES = [
    ("en-us", "Good morning, I have a parcel for the family on the third floor, could you let me in?"),
    ("en-gb+f3", "We rang twice yesterday afternoon, but nobody seemed to be at home, so we came back."),
    ("en-us+f4", "Please take the lift to the seventh floor and turn left; the door is already open."),
    ("en-gb", "The plumber is here about the dripping tap, and he says that he needs his big toolbox."),
]
# For whoever listens to find its end, and for a buffer to come to rest.
PAUSE = RATE
BEFORE = 3 * RATE


def sentences():
    """16 bit samples of each."""
    return [_said(voice, text) for voice, text in SENTENCES]


def _said(voice, text):
    command = ["espeak-ng", "-v", voice, "-s", "160", "-a", "120", "--stdout", text]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    resample = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(wav)) as file:
        frames = [piece for frame in file.decode(audio=0) for piece in resample.resample(frame)]
    frames += resample.resample(None)
    return numpy.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


def all_of_it():
    """One after the other, and where each begins."""
    pieces, begins, at = [numpy.zeros(BEFORE, numpy.int16)], [], BEFORE
    for sentence in sentences():
        begins.append(at)
        pieces += [sentence, numpy.zeros(PAUSE, numpy.int16)]
        at += len(sentence) + PAUSE
    return numpy.concatenate(pieces), begins


class Speaker(Mouth):
    """Silent until it is told to speak."""

    def __init__(self, said):
        super().__init__()
        self._left, self.speaks = said, False

    def _samples(self):
        if not self.speaks:
            return numpy.zeros(FRAME, numpy.int16)
        frame, self._left = self._left[:FRAME], self._left[FRAME:]
        return numpy.concatenate([frame, numpy.zeros(FRAME - len(frame), numpy.int16)])
