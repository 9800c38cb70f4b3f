# SPDX-License-Identifier: MIT OR Apache-2.0
"""Sound cards made of a clock (card.c), and what was said and heard at each of them."""

import os
import pathlib
import shutil
import subprocess
import time

import numpy

HERE = pathlib.Path(__file__).parent
RATE = 48_000
LASTS = RATE // 25
# What the canceller and the noise suppression leave of a chirp is still like nothing else.
ALIKE = 0.35
# The other end says its chirp half a second later.
WITHIN = RATE // 2


def chirp():
    """40 ms from 400 Hz up to 3600 Hz, a sound that looks like no other piece of itself."""
    at = numpy.arange(LASTS) / RATE
    rising = (3600 - 400) / (2 * LASTS / RATE)
    return numpy.sin(2 * numpy.pi * (400 * at + rising * at**2)) * numpy.hanning(LASTS)


class Cards:
    """All that ALSA knows about from now on in what this process starts."""

    def __init__(self, home):
        self._home = pathlib.Path(home)
        self._cards = {}
        self.epoch = int(time.monotonic())
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "alsa"], check=True, text=True, stdout=subprocess.PIPE)
        self._library = self._home / "clockwork.so"
        command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-DPIC", "-o", self._library, HERE / "card.c"]
        subprocess.run([*command, *flags.stdout.split()], check=True)
        self._config = ""

    def add(self, name, place, begins):
        """`place` is a directory where its program may do as it likes; `begins` says when in each second it chirps."""
        said = numpy.zeros(RATE)
        at = int(begins * RATE)
        said[at : at + LASTS] = chirp() / 2
        place = pathlib.Path(place)
        place.mkdir(parents=True, exist_ok=True)
        library = shutil.copy(self._library, place)
        (place / "said").write_bytes((said * 32767).astype("<i2").tobytes())
        self._config += f'pcm_type.{name} {{ lib "{library}" open _snd_pcm_clockwork_open }}\n'
        self._config += f'pcm.{name} {{ type {name} place "{place}" epoch {self.epoch} }}\n'
        config = self._home / "asound.conf"
        config.write_text(self._config)
        os.environ["ALSA_CONFIG_PATH"] = str(config)
        return Card(place, self.epoch, begins)


class Card:
    def __init__(self, place, epoch, begins):
        self._place, self._epoch, self._begins = place, epoch, begins

    def gaps(self):
        """Of the microphone and of the loudspeaker."""
        sizes = (self._place / f"gaps-{what}" for what in ("said", "heard"))
        return [path.stat().st_size if path.exists() else 0 for path in sizes]

    def delays(self, other, since, until):
        """From each chirp at the other card until it was heard here, in seconds; None if it was not."""
        raw = numpy.fromfile(self._place / "heard", "<i2") / 32768
        return [_delay(raw, second - self._epoch + other._begins) for second in range(since, until)]


def _delay(heard, said_at):
    begins = int(said_at * RATE)
    piece = heard[begins : begins + WITHIN]
    if len(piece) < WITHIN:
        return None
    pattern = chirp()
    likeness = numpy.correlate(piece, pattern, "valid")
    power = numpy.convolve(piece**2, numpy.ones(LASTS), "valid") * numpy.sum(pattern**2)
    likeness = numpy.abs(likeness) / numpy.sqrt(power + 1e-9)
    best = int(numpy.argmax(likeness))
    return best / RATE if likeness[best] > ALIKE else None
