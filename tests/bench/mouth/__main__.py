# SPDX-License-Identifier: MIT OR Apache-2.0
"""From mouth to ear through sound cards, and the CPU of it: pairs of stations and of baresips in a
call each, all at the same time. Reports; judges nothing."""

import asyncio
import os
import statistics
import tempfile
import time

import baresip
from baresips import Baresips
from card import Cards
from figures import cpu_seconds
from stand import stay_off_the_network
from stations import Stations

# Rings, tones and the first seconds of a jitter buffer are over.
SETTLED = 5
# The last chirps are still on their way.
HEARD = 2

LOWEST = 'echo = "off"\nnoise_suppression = "off"\ngain_control = false'
SHORT = "jitter_buffer_delay 1-2\naudio_buffer 20-40"
NONE = "jitter_buffer_delay 0-0\naudio_buffer 10-20"
ENCRYPTED = "module dtls_srtp.so\nmodule srtp.so"


def pairs(cards, home):
    yield Stations("default", cards)
    yield Stations("no echo cancelling", cards, LOWEST)
    if baresip.is_installed():
        yield Baresips("default", cards, home)
        yield Baresips("default, encrypted", cards, home, ENCRYPTED, ";mediaenc=dtls_srtp")
        yield Baresips("least jitter buffer", cards, home, SHORT)
        yield Baresips("no jitter buffer, 10 ms", cards, home, NONE, ";ptime=10")


class Load:
    """Of all processes of one end, in percent of a core."""

    def __init__(self, pids):
        self._pids, self._began, self._before = pids, time.monotonic(), self._spent(pids)

    @staticmethod
    def _spent(pids):
        return sum(cpu_seconds(pid) for pid in pids)

    def percent(self):
        return 100 * (self._spent(self._pids) - self._before) / (time.monotonic() - self._began)


class Row:
    def __init__(self):
        self.delays, self.loads, self.gaps = [], [], 0

    def __str__(self):
        heard = [delay * 1000 for delay in self.delays if delay is not None]
        count = f"{len(heard)} of {len(self.delays)}"
        return f"{_spread(heard, 1)}  {count:>10}   {_spread(self.loads, 2)}  {self.gaps:>5}"


def _spread(values, digits):
    if not values:
        return f"{'none':>21}"
    return "".join(f"{pick(values):7.{digits}f}" for pick in (min, statistics.median, max))


def gaps(pair):
    return sum(sum(card.gaps()) for card in pair.cards)


async def _round(rows, seconds, home):
    all_pairs = list(pairs(Cards(home), home))
    try:
        for pair in all_pairs:
            await pair.begin()
        await asyncio.sleep(SETTLED)
        since = int(time.monotonic()) + 1
        before = [gaps(pair) for pair in all_pairs]
        loads = [[Load(pids) for pids in pair.processes()] for pair in all_pairs]
        await asyncio.sleep(seconds)
        spent = [[load.percent() for load in both] for both in loads]
        await asyncio.sleep(HEARD)
        for pair, both, old in zip(all_pairs, spent, before, strict=True):
            row = rows.setdefault(pair.label, Row())
            row.loads += both
            row.gaps += gaps(pair) - old
            one, other = pair.cards
            for ear, mouth in ((one, other), (other, one)):
                row.delays += ear.delays(mouth, since, since + seconds)
    finally:
        for pair in all_pairs:
            await pair.close()


def _number(name, usual):
    return int(os.environ.get(f"BENCH_{name}", usual))


async def main():
    seconds, rounds = _number("CHIRPS", 30), _number("ROUNDS", 3)
    stay_off_the_network()
    rows = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="intercomd-bench-") as home:
            await _round(rows, seconds, home)
    for left, *more in (
        (f"{rounds} × {seconds} s", "mouth to ear, ms", "heard", "CPU of a core, %", "gaps"),
        ("", "   min    p50    max", "", "   min    p50    max", ""),
    ):
        delay, heard, load, gap = more
        print(f"{left:<32}{delay:>21}  {heard:>10}   {load:>21}  {gap:>5}")
    for label, row in rows.items():
        print(f"{label:<32}{row}")


asyncio.run(main())
