# SPDX-License-Identifier: MIT OR Apache-2.0
"""What a call costs: daemon and worker, and baresip with the same codec in the same minute."""

import asyncio

import baresip
import figures
from answering import answered
from stand import Station, until

from handset import Handset

# Of the station's encoder.
OPUS_BITRATE = 32_000


async def report(seconds):
    print(f"a call of {seconds} s\n{figures.HEADER}")
    await _call(seconds, video=False, beside=baresip.is_installed())
    await _call(seconds, video=True, beside=False)


async def _call(seconds, video, beside):
    kind = "video 640×480" if video else "Opus"
    station = await Station(video=video).start()
    handset = Handset()
    peer = baresip.Call(OPUS_BITRATE) if beside else None
    try:
        await handset.pair(await station.pairing_link())
        cid = await answered(station, handset)
        await until(lambda: handset.session.ear.hears(440), "sound")
        loads = [figures.Load(f"daemon, {kind}", station.pid)]
        loads += [figures.Load(f"worker, {kind}", pid) for pid in figures.children(station.pid)]
        if peer:
            loads.append(figures.Load(f"baresip, {kind}", peer.pid))
        await asyncio.sleep(seconds)
        for load in loads:
            print(load.row())
        assert handset.session.ear.hears(440), "the call went silent"
        await handset.hang_up(cid)
    finally:
        if peer:
            peer.close()
        await handset.close()
        await station.stop()
    if not video and not beside:
        print("  baresip is not installed")
