# SPDX-License-Identifier: MIT OR Apache-2.0
"""The network changes, goes and comes back, or stays away, in the middle of a call."""

import asyncio
import time

from stand import until
from topology import OneCable


class AddressChange(OneCable):
    async def test_the_handset_gets_another_address_and_the_call_goes_on(self):
        handset = await self.handset()
        cid = await self.talking(handset)
        session = handset.session
        self.there.run("ip", "address", "delete", "10.20.0.2/24", "dev", "eth0")
        self.there.run("ip", "address", "add", "10.20.0.3/24", "dev", "eth0")
        handset.network_changed()
        await until(
            lambda: handset.session is not session and handset.session.state == "connected",
            lambda: f"another session\n{self.station.log()[-5000:]}",
        )
        await self.tones_both_ways(handset)
        self.assertEqual(handset.session.cid, cid)
        self.assertEqual(handset.session.pair()[2], "10.20.0.3")
        self.assertEqual(await self.station.call(cid, "Status"), "ongoing")
        await handset.hang_up(cid)
        await handset.heard("ended", cid=cid, status="ended")


class FiveSeconds(OneCable):
    async def test_a_call_outlives_five_seconds_without_a_network(self):
        handset = await self.handset()
        cid = await self.talking(handset)
        self.cut()
        lost = time.monotonic()
        await until(lambda: self.is_lost(cid), "the station notices")
        await asyncio.sleep(lost + 5 - time.monotonic())
        self.mend()
        await until(lambda: self.is_well(cid), lambda: f"media\n{self.station.log()[-5000:]}")
        await self.tones_both_ways(handset)
        self.assertEqual(handset.session.cid, cid)
        self.assertEqual(await self.station.call(cid, "Status"), "ongoing")
        await handset.hang_up(cid)
        await handset.heard("ended", cid=cid, status="ended")

    async def is_lost(self, cid):
        return await self.station.call(cid, "MediaState") == "lost"

    async def is_well(self, cid):
        return await self.station.call(cid, "MediaState") == "connected"


class StaysAway(OneCable):
    station_settings = {"call": "grace_s = 3"}

    async def test_without_a_network_the_call_fails_in_time_and_the_next_one_works(self):
        handset = await self.handset()
        cid = await self.talking(handset)
        self.cut()
        await until(lambda: self.has_failed(cid), "the call fails", within=15)
        self.assertEqual(await self.station.call(cid, "Reason"), "media_timeout")
        self.mend()
        await handset.heard("ended", cid=cid, within=40)
        again = await self.talking(handset)
        self.assertNotEqual(again, cid)
        await handset.hang_up(again)

    async def has_failed(self, cid):
        return await self.station.call(cid, "Status") == "failed"
