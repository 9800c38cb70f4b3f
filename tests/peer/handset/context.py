# SPDX-License-Identifier: MIT OR Apache-2.0
"""The context that two nonces make, and what was sent and received in it (section 3)."""

import hashlib

from .encoding import b64, unb64
from .envelope import Refused

WINDOW = 64


def context_of(n_h, n_d):
    return b64(hashlib.sha256(b"icm1-context" + unb64(n_h, 16) + unb64(n_d, 16)).digest()[:16])


class Received:
    """Which numbers of the other side were seen."""

    def __init__(self):
        self._seen = set()
        self.complete_to = 0

    def take(self, seq):
        """True if it is new, False if it is a repetition; refuses what is too far ahead."""
        if not 1 <= seq <= self.complete_to + WINDOW:
            raise Refused("stale")
        if seq <= self.complete_to or seq in self._seen:
            return False
        self._seen.add(seq)
        while self.complete_to + 1 in self._seen:
            self.complete_to += 1
            self._seen.discard(self.complete_to)
        return True


class Context:
    def __init__(self, sx):
        self.sx = sx
        self.received = Received()
        self._last_sent = 0

    def next_seq(self):
        self._last_sent += 1
        return self._last_sent
