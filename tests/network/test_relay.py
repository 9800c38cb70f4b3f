# SPDX-License-Identifier: MIT OR Apache-2.0
"""Media through a TURN server, where there is no other way and where none is wanted."""

from topology import Relay, RelayBetween

ICE = f"""
[[ice.turn]]
server = "{RelayBetween.middle_address}:3478"
user = "{Relay.USER}"
password = "{Relay.PASSWORD}"
"""


class NoOtherWay(RelayBetween):
    station_settings = {"more": ICE}

    async def test_those_who_cannot_reach_each_other_talk_through_the_relay(self):
        handset = await self.handset()
        await self.talking(handset)
        local, remote, *_ = handset.session.pair()
        self.assertIn("relay", (local, remote), "there was another way")
        self.assertTrue(self.relay.is_alive())


class RelayOnly(RelayBetween):
    station_settings = {"more": "[ice]\nrelay_only = true" + ICE}

    async def test_two_who_want_nothing_but_the_relay_talk(self):
        handset = await self.handset(relay_only=True)
        await self.talking(handset)
        local, remote, here, there = handset.session.pair()
        self.assertEqual((local, remote), ("relay", "relay"))
        self.assertEqual((here, there), (self.middle_address, self.middle_address))
