# SPDX-License-Identifier: MIT OR Apache-2.0
"""The station is announced by DNS-SD, and somebody else's DNS-SD understands it."""

import dataclasses

from zeroconf import IPVersion, ServiceStateChange
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from handset import Handset
from stand import until
from topology import PORT, OneCable

SERVICE = "_intercomd._tcp.local."


class Announced(OneCable):
    async def asyncSetUp(self):
        await super().asyncSetUp()
        self.network = AsyncZeroconf(interfaces=["10.20.0.2"], ip_version=IPVersion.V4Only)
        self.addAsyncCleanup(self.network.async_close)
        self.there_now = set()
        browser = AsyncServiceBrowser(self.network.zeroconf, SERVICE, handlers=[self.changed])
        self.addAsyncCleanup(browser.async_cancel)

    def changed(self, zeroconf, service_type, name, state_change):
        if state_change is ServiceStateChange.Removed:
            self.there_now.discard(name)
        else:
            self.there_now.add(name)

    async def becomes(self, *names):
        wanted = {f"{name}.{SERVICE}" for name in names}
        await until(lambda: self.there_now == wanted, lambda: f"{wanted} and not {self.there_now}")

    async def resolved(self, name):
        info = AsyncServiceInfo(SERVICE, f"{name}.{SERVICE}")
        self.assertTrue(await info.async_request(self.network.zeroconf, 10_000), name)
        return info

    async def test_the_announcement_leads_to_the_station_and_names_its_key(self):
        await self.becomes("Door station")
        info = await self.resolved("Door station")
        link = await self.station.pairing_link()
        self.assertEqual(info.parsed_addresses(), [self.address])
        self.assertEqual(info.port, PORT)
        self.assertEqual(info.properties, {b"v": b"1", b"key": link.key[:16].encode()})
        found = f"{info.parsed_addresses()[0]}:{info.port}"
        handset = Handset("Kitchen")
        self.addAsyncCleanup(handset.close)
        await handset.pair(dataclasses.replace(link, at=(found,)))
        await self.station.stop()
        await self.becomes()

    async def test_a_new_name_takes_the_place_of_the_old_one(self):
        await self.becomes("Door station")
        await self.station.rename("Back door")
        await self.becomes("Back door")
        info = await self.resolved("Back door")
        self.assertEqual((info.parsed_addresses(), info.port), ([self.address], PORT))
