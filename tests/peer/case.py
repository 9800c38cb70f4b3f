# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the tests share: a station and handsets that are gone afterwards."""

import asyncio
import logging
import unittest

from handset import Handset
from handset.sound import SILENT, TONE
from stand import Station, stay_off_the_network, until

STATION_TONE = 440

# A slow step of the loop is no news.
logging.getLogger("asyncio").setLevel(logging.ERROR)


class CallCase(unittest.IsolatedAsyncioTestCase):
    maxDiff = None
    station_settings = {}

    async def asyncSetUp(self):
        await self.begin()
        stay_off_the_network()
        self.station = await self.start_station(**self.station_settings)

    async def begin(self):
        # Sound has no time for the bookkeeping that unittest asks for.
        asyncio.get_running_loop().set_debug(False)

    async def start_station(self, **settings):
        station = Station(**settings)
        self.addAsyncCleanup(station.stop)
        return await station.start()

    async def handset(self, label="Kitchen", window=None, **habits):
        handset = Handset(label, **habits)
        self.addAsyncCleanup(handset.close)
        await handset.pair(await self.station.pairing_link(**(window or {})))
        return handset

    async def ring(self, *handsets):
        """Presses the button; the call's number, once everybody rings."""
        await self.station.press()
        return [(await handset.heard("ring")).b["cid"] for handset in handsets][0]

    async def connected(self, handset):
        await until(
            lambda: handset.session and handset.session.state == "connected",
            lambda: f"a session; heard {handset.story}\n{self.station.log()}",
        )
        return handset.session

    async def tones_both_ways(self, handset, within=20.0):
        """By content: the handset hears the station's tone, the door plays the handset's."""
        since = self.station.played.position()
        session = handset.session
        await until(
            lambda: handset.session.ear.hears(STATION_TONE),
            lambda: f"the station is heard; {session.state}, {session.ear.samples} samples",
            within,
        )
        await until(
            lambda: self.station.played.hears(TONE, since=since),
            lambda: f"the handset is heard: {self.station.played.most_of(TONE, since)}",
            within,
        )

    async def sound_goes_through(self, session, seconds=1.0):
        """So long that silence would not be an accident: samples keep coming."""
        wanted = session.ear.samples + int(seconds * 48_000)
        await until(lambda: session.ear.samples > wanted, "packets with silence")

    def assert_silence(self, session):
        """Neither hears the other; the door does ring, in other tones."""
        self.assertLess(session.ear.loudest, SILENT, "the handset heard something")
        self.assert_handset_not_heard()

    def assert_handset_not_heard(self):
        self.assertGreater(self.station.played.position(), 0, "the door plays nothing at all")
        self.assertLess(self.station.played.most_of(TONE), SILENT, "the door played the handset")
