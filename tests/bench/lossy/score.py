# SPDX-License-Identifier: MIT OR Apache-2.0
"""How well each sentence came through: MOS-LQO by ViSQOL, in its mode for speech, 1 to 5."""

import sys

import numpy
from scipy.signal import correlate, resample_poly
from visqol import VisqolApi

RATE = 48_000
SPEECH_RATE = 16_000
# What is heard may be so much earlier or later than where it is looked for.
SLACK = RATE // 2


def _envelope(samples):
    blocks = samples[: len(samples) // 480 * 480].reshape(-1, 480)
    return numpy.sqrt(numpy.mean(blocks**2, axis=1))


def _found(sentence, heard):
    """Where the sentence begins in what was heard, to ten milliseconds."""
    alike = correlate(_envelope(heard), _envelope(sentence), mode="valid")
    return int(numpy.argmax(alike)) * 480


def scores(said, begins, ends, heard):
    judge = VisqolApi()
    judge.create(mode="speech")
    found = []
    whole = _found(said, numpy.concatenate([heard, numpy.zeros(len(said))]))
    for begin, end in zip(begins, ends, strict=True):
        sentence = said[begin:end]
        at = max(begin + whole - SLACK, 0)
        nearby = heard[at : at + len(sentence) + 2 * SLACK]
        if len(nearby) < len(sentence):
            found.append(1.0)
            continue
        at = _found(sentence, nearby)
        pair = [resample_poly(part, 1, 3) for part in (sentence, nearby[at : at + len(sentence)])]
        found.append(judge.measure_from_arrays(*pair, sample_rate=SPEECH_RATE).moslqo)
    return found


def main():
    said = numpy.load(sys.argv[1])
    for heard in sys.argv[2:]:
        found = scores(said["said"] / 32768, said["begins"], said["ends"], numpy.load(heard))
        print(heard, *(f"{score:.2f}" for score in found), flush=True)


if __name__ == "__main__":
    main()
