# SPDX-License-Identifier: MIT OR Apache-2.0
"""Two baresips in one call."""

import asyncio

from baresip import Baresip

# The station's encoder.
BITRATE = 32_000
CODEC = """\
opus_complexity 5
opus_application voip
opus_packet_loss 5
opus_inbandfec yes
module alsa.so
"""


class Baresips:
    _ports = 5070

    def __init__(self, name, cards, home, more="", account=""):
        self.label = f"baresip, {name}"
        self._more, self._account = CODEC + more, account
        Baresips._ports += 20
        self._sip = [Baresips._ports, Baresips._ports + 10]
        self._names = [f"baresip-{port}" for port in self._sip]
        self.cards = [cards.add(name, f"{home}/{name}", at) for name, at in zip(self._names, (0, 0.5), strict=True)]
        self._both = []

    async def begin(self):
        for name, sip, more in zip(self._names, self._sip, ("", ";answermode=auto"), strict=True):
            card = {"source": f"alsa,{name}", "player": f"alsa,{name}"}
            account = self._account + more
            self._both.append(Baresip(name, sip, sip - 1000, account=account, bitrate=BITRATE, more=self._more, **card))
        address = f"sip:{self._names[1]}@127.0.0.1:{self._sip[1]}"
        await asyncio.to_thread(self._both[0].dial, address)

    def processes(self):
        return [[one.pid] for one in self._both]

    async def close(self):
        for one in self._both:
            one.close()
