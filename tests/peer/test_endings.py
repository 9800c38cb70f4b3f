# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whoever is told to stop stops, whatever arrives at that moment."""

import asyncio
import unittest
from unittest import mock

from handset.connection import Connection
from handset.handset import Handset
from handset.keys import SecretKey

# More turns of the loop than any of these takes.
TURNS = 10


async def cancelled_after(turns, work):
    """Whether it could still be cancelled then, and whether it was."""
    task = asyncio.create_task(work)
    for _ in range(turns):
        await asyncio.sleep(0)
    could = task.cancel()
    await asyncio.wait([task])
    return could, task.cancelled()


class Endings(unittest.IsolatedAsyncioTestCase):
    async def assert_no_moment_loses_a_cancellation(self, begin):
        moments = [await cancelled_after(turns, begin()) for turns in range(TURNS)]
        self.assertEqual([could for could, _ in moments], [was for _, was in moments])
        self.assertEqual((moments[0], moments[-1]), ((True, True), (False, False)))

    async def test_a_connection_that_opens_can_be_cancelled_to_the_last_moment(self):
        async def soon(*_):
            await asyncio.sleep(0)

        with mock.patch.object(Connection, "_connect", soon):
            await self.assert_no_moment_loses_a_cancellation(
                lambda: Connection.open("", "", SecretKey(), "", None)
            )

    async def test_a_question_can_be_cancelled_to_the_last_moment(self):
        handset = Handset()
        handset.connection = mock.AsyncMock()
        answer = mock.Mock(re="mid", t="ack")

        def begin():
            asyncio.get_running_loop().call_soon(
                asyncio.get_running_loop().call_soon, handset._take, answer
            )
            return handset.ask("ringing", {}, "mid")

        await self.assert_no_moment_loses_a_cancellation(begin)
