# SPDX-License-Identifier: MIT OR Apache-2.0
"""From the press to a handset that knows of it, over TLS on loopback."""

import time

from figures import spread
from stand import Station

from handset import Handset


async def report(presses):
    station = await Station(video=False).start()
    handset = Handset(preview=False)
    try:
        await handset.pair(await station.pairing_link())
        times = await _rounds(station, handset, presses)
    finally:
        await handset.close()
        await station.stop()
    print(f"press → handset rings (goal p50 ≤ 20 ms, p99 ≤ 60 ms)  {spread(times)}")


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
    return times
