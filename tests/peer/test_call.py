# SPDX-License-Identifier: MIT OR Apache-2.0
"""The same call that a phone or a browser makes, from the specification alone."""

import unittest

from case import CallCase
from handset.handset import Declined
from stand import until


class Calls(CallCase):
    async def test_a_visitor_is_seen_heard_and_let_in(self):
        handset = await self.handset()
        cid = await self.ring(handset)
        session = await self.connected(handset)
        await until(lambda: session.eye.changes >= 5, "moving pictures while it rings")
        await self.sound_goes_through(session)
        self.assert_silence(session)

        await handset.accept(cid)
        await self.tones_both_ways(handset)
        self.assertEqual(await self.station.call(cid, "Status"), "ongoing")
        self.assertTrue(await self.station.call(cid, "Encrypted"))

        await handset.open_door("front", cid)
        self.assertTrue(await self.station.door("front", "RelayActive"))

        await handset.hang_up(cid)
        ended = (await handset.heard("ended", cid=cid)).b
        self.assertEqual(ended["status"], "ended")
        await until(lambda: handset.session is None, "the session is over")

    async def test_the_station_tells_how_well_the_handset_comes_through(self):
        handset = await self.handset()
        cid = await self.ring(handset)
        await self.connected(handset)
        await handset.accept(cid)
        await self.tones_both_ways(handset)
        told = await until(lambda: self.station.reception(cid), "a word about it")
        self.assertEqual(told["lost_percent"], 0)
        self.assertIn(told["grade"], ("good", "fair", "poor"))
        await until(lambda: self.is_loud(cid), lambda: f"how loud it is\n{self.station.log()}")
        await handset.hang_up(cid)
        await until(lambda: self.is_over(cid), "the end")
        self.assertEqual(await self.station.reception(cid), {})

    async def is_loud(self, cid):
        return (await self.station.reception(cid))["level_db"] > -20

    async def is_over(self, cid):
        return await self.station.call(cid, "Status") == "ended"

    async def test_a_handset_that_connects_only_after_accepting_talks_as_well(self):
        handset = await self.handset(preview=False)
        cid = await self.ring(handset)
        await handset.accept(cid)
        await self.connected(handset)
        await self.tones_both_ways(handset)
        pictures = handset.session.eye.pictures
        await until(lambda: handset.session.eye.pictures > pictures, "pictures")

    async def test_the_second_call_is_as_good_as_the_first(self):
        handset = await self.handset()
        for _ in range(2):
            cid = await self.ring(handset)
            await self.connected(handset)
            await handset.accept(cid)
            await self.tones_both_ways(handset)
            await handset.hang_up(cid)
            await handset.heard("ended", cid=cid)

    async def test_one_answers_and_the_other_is_told_who(self):
        kitchen, hall = await self.handset("Kitchen"), await self.handset("Hall")
        cid = await self.ring(kitchen, hall)
        await hall.accept(cid)
        ended = (await kitchen.heard("ended", cid=cid)).b
        self.assertEqual((ended["status"], ended["answered_by"]), ("elsewhere", "Hall"))
        with self.assertRaises(Declined) as late:
            await kitchen.accept(cid)
        self.assertIn(late.exception.code, ("answered", "wrong_state", "not_found"))
        await self.connected(hall)
        await self.tones_both_ways(hall)

    async def test_a_handset_calls_the_station(self):
        handset = await self.handset()
        cid = (await handset.ask("dial", {"kind": "talk", "media": "video"})).b["cid"]
        await handset.want_session(cid)
        await self.connected(handset)
        await self.station.take(cid)
        await handset.heard("selected", cid=cid)
        await self.tones_both_ways(handset)
        await until(lambda: handset.session.eye.changes >= 3, "moving pictures")
        await handset.hang_up(cid)

    async def test_the_only_handset_rejects_and_the_call_is_over(self):
        handset = await self.handset()
        cid = await self.ring(handset)
        await handset.ask("reject", {"cid": cid})
        await handset.heard("ended", cid=cid)
        await until(lambda: self._is(cid, "rejected"), "rejected")

    async def _is(self, cid, status):
        return await self.station.call(cid, "Status") == status

    async def test_a_held_call_is_silent_and_comes_back(self):
        handset = await self.handset()
        cid = await self.ring(handset)
        await self.connected(handset)
        await handset.accept(cid)
        await self.tones_both_ways(handset)
        await handset.ask("hold", {"cid": cid, "on": True})
        await until(lambda: not self.hums(handset), "the handset hears nothing")
        await handset.ask("hold", {"cid": cid, "on": False})
        await self.tones_both_ways(handset)

    def hums(self, handset):
        return handset.session.ear.hears(440, seconds=0.1)


if __name__ == "__main__":
    unittest.main()
