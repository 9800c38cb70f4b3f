# SPDX-License-Identifier: MIT OR Apache-2.0
"""A wire between two network namespaces on which the same packets of sound get lost each time.

It has a program of its own, so that whoever is busy beside it does not make it late.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

from stand.namespace import Home

_TUNSETIFF = 0x400454CA
_TUN_WITHOUT_HEADER = 0x1001
_UDP = 17
_RTCP = range(64, 96)


class Wire:
    """`trouble` is what happens to sound from `far` to `near`: see `_Trouble`."""

    def __init__(self, near, far, trouble):
        ends = [_end(place, address) for place, address in [(near, 1), (far, 2)]]
        command = [sys.executable, __file__, *map(str, ends), trouble]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, pass_fds=ends, text=True, **pipes)
        self._process.stdout.readline()
        for end in ends:
            os.close(end)

    def close(self):
        """How many packets of sound there were, and how many of them got lost."""
        told = self._process.communicate()[0]
        return [int(number) for number in told.split()]


def _end(place, address):
    home = Home()
    place.enter()
    end = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", b"wire", _TUN_WITHOUT_HEADER))
    home.enter()
    home.close()
    place.up("wire", f"10.30.0.{address}/24")
    return end


class _Trouble:
    """`none`, `random:PERCENT`, `burst:PERCENT` (three packets in a row, by Gilbert),
    `jitter:MILLISECONDS` (up to so much later, in their order) or `step:MILLISECONDS` (so much later
    from some packet on, and up to a tenth of it more)."""

    BURST = 3
    STEP = 250

    def __init__(self, text):
        self._kind, _, amount = text.partition(":")
        self._amount = int(amount or 0) / (1000 if self._kind in ("jitter", "step") else 100)
        self._dice = random.Random(text)
        self._is_bad = False
        self.packets, self.lost = 0, 0

    def delay(self):
        """Of the next packet; `None` if it gets lost."""
        self.packets += 1
        if self._kind == "jitter":
            return self._dice.uniform(0, self._amount)
        if self._kind == "step":
            later = self._amount if self.packets > self.STEP else 0
            return later + self._dice.uniform(0, self._amount / 10)
        if self._kind in ("random", "burst") and self._loses():
            self.lost += 1
            return None
        return 0

    def _loses(self):
        chance = self._dice.random()
        if self._kind == "random":
            return chance < self._amount
        leaves = 1 / self.BURST
        enters = leaves * self._amount / (1 - self._amount)
        self._is_bad = chance >= leaves if self._is_bad else chance < enters
        return self._is_bad


def _is_sound(packet):
    if packet[0] >> 4 != 4 or packet[9] != _UDP:
        return False
    datagram = packet[4 * (packet[0] & 15) + 8 :]
    return len(datagram) > 12 and datagram[0] >> 6 == 2 and datagram[1] & 0x7F not in _RTCP


def _carry(near, far, trouble):
    waiting, last, number = [], 0.0, 0
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            os.write(near, heapq.heappop(waiting)[2])
        left = max(0, waiting[0][0] - now) if waiting else None
        for end in select.select([near, far, sys.stdin], [], [], left)[0]:
            if end == sys.stdin:
                return
            packet = os.read(end, 2000)
            if end == near:
                os.write(far, packet)
                continue
            delay = trouble.delay() if _is_sound(packet) else 0
            if delay is not None:
                last, number = max(last, time.monotonic() + delay), number + 1
                heapq.heappush(waiting, (last, number, packet))


def _main():
    near, far, trouble = int(sys.argv[1]), int(sys.argv[2]), _Trouble(sys.argv[3])
    print(flush=True)
    # Until whoever began it ends.
    _carry(near, far, trouble)
    print(trouble.packets, trouble.lost)


if __name__ == "__main__":
    _main()
