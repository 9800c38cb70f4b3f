# SPDX-License-Identifier: MIT OR Apache-2.0
"""From the press to a handset that knows of it, over TLS on loopback, and what is left of it all."""

import asyncio
import time

from figures import held, spread
from stand import Station

from handset import Handset


# Once everything was used.
WARM_UP = 20
# A handset that says more than 20 messages each second is cut off.
PAUSE = 0.25


async def report(presses):
    station = await Station(video=False).start()
    handset = Handset(preview=False)
    try:
        await handset.pair(await station.pairing_link())
        await _rounds(station, handset, WARM_UP)
        before = held(station.pid)
        times = await _rounds(station, handset, presses)
        after = held(station.pid)
    finally:
        await handset.close()
        await station.stop()
    print(f"press → handset rings (goal p50 ≤ 20 ms, p99 ≤ 60 ms)  {spread(times)}")
    grown = "  ".join(f"{what} {before[what]} → {after[what]}" for what in before)
    print(f"{presses} calls in a row, the daemon's  {grown}")


async def _rounds(station, handset, presses):
    times, heard = [], {}
    take = handset.connection._on_message

    def noted(message):
        heard.setdefault(message.t, time.monotonic())
        take(message)

    handset.connection._on_message = noted
    for _ in range(presses):
        heard.clear()
        began = time.monotonic()
        await station.bus.simulate("SetInput", "sb", "buttons.bell", True)
        cid = (await handset.heard("ring")).b["cid"]
        times.append(heard["ring"] - began)
        await station.bus.simulate("SetInput", "sb", "buttons.bell", False)
        await station.hang_up()
        await handset.heard("ended", cid=cid)
        await asyncio.sleep(PAUSE)
    return times
