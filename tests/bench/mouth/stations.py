# SPDX-License-Identifier: MIT OR Apache-2.0
"""Two stations in one call, each the other's handset: what one offers is what the other is answered."""

import asyncio

from figures import children
from stand import Station

from handset import Handset


class Twin(Handset):
    """Stands between a station and the other one, and has neither a mouth nor ears of its own."""

    def __init__(self, role):
        super().__init__()
        self._role = role
        self.other = None
        self.offered = asyncio.get_running_loop().create_future()

    async def _on_offer(self, b):
        if self.offered.done():
            return
        self.offered.set_result(b)
        theirs = await self.other.offered
        sdp = theirs["sdp"].replace("a=setup:actpass", f"a=setup:{self._role}")
        await self.say("answer", {"cid": b["cid"], "session": b["session"], "sdp": sdp})

    async def _on_ice(self, b):
        theirs = await self.other.offered
        told = {"cid": theirs["cid"], "session": theirs["session"]}
        await self.other.say("ice", told | {"mline": b["mline"], "candidate": b["candidate"]})


class Stations:
    _made = 0

    def __init__(self, name, cards, audio=""):
        self.label = f"intercomd, {name}"
        self._stations, self.cards = [], []
        for at in (0, 0.5):
            Stations._made += 1
            card = f"station-{Stations._made}"
            alsa = {"capture": f"alsa:{card}", "playback": f"alsa:{card}"}
            station = Station(**alsa, audio=audio, video=False)
            self._stations.append(station)
            # The one place that a worker may write to.
            self.cards.append(cards.add(card, f"{station.home}/media", at))
        self._twins = []

    async def begin(self):
        self._twins = [Twin("active"), Twin("passive")]
        self._twins[0].other, self._twins[1].other = reversed(self._twins)
        for station, twin in zip(self._stations, self._twins, strict=True):
            await station.start()
            await twin.pair(await station.pairing_link())
        for station in self._stations:
            await station.press()
        for twin in self._twins:
            cid = (await twin.heard("ring")).b["cid"]
            await twin.ask("accept", {"cid": cid})

    def processes(self):
        return [[station.pid, *children(station.pid)] for station in self._stations]

    async def close(self):
        for twin in self._twins:
            await twin.close()
        for station in self._stations:
            await station.stop()
