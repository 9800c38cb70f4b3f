# SPDX-License-Identifier: MIT OR Apache-2.0
"""From accepting to the first sound, and from mouth to ear."""

import asyncio
import time

from answering import connected, ring
from far_end import Clapper, Door, Wire, onset
from figures import spread
from handset.sound import RATE
from stand import Station, until

from handset import Handset


async def report(calls, claps):
    station = await Station().start()
    warm, cold = Handset("Warm"), Handset("Cold", preview=False)
    try:
        await warm.pair(await station.pairing_link())
        warm_times = [await _first_sound(station, warm) for _ in range(calls)]
        await station.remove(warm.id)
        await warm.close()
        await cold.pair(await station.pairing_link())
        cold_times = [await _first_sound(station, cold) for _ in range(calls)]
    finally:
        await warm.close()
        await cold.close()
        await station.stop()
    print(f"accept → first sound, warm (goal p50 ≤ 40 ms)          {spread(warm_times)}")
    print(f"accept → first sound, cold (goal p50 ≤ 300 ms)         {spread(cold_times)}")
    await _mouth_to_ear(claps)


async def _first_sound(station, handset):
    # A handset gets a session every two seconds in the long run.
    await asyncio.sleep(2)
    cid = await ring(station, handset)
    if handset.preview:
        await connected(handset)
        wire = Wire(handset.session)
        # Silence must be there before sound can be the first.
        await until(lambda: wire.arrived, "packets")
        began = time.monotonic()
        await handset.ask("accept", {"cid": cid})
    else:
        # Nobody answers sooner; the worker, which starts at the press, is there by then.
        await asyncio.sleep(1)
        began = time.monotonic()
        accepting = asyncio.create_task(handset.accept(cid))
        await until(lambda: handset.session and handset.session.text, "an answer")
        wire = Wire(handset.session)
        await accepting
    heard = await wire.first_sound()
    await handset.hang_up(cid)
    await handset.heard("ended", cid=cid)
    await until(lambda: handset.session is None, "the session is over")
    return heard - began


async def _mouth_to_ear(claps):
    station = await Station(capture="ticks", video=False).start()
    handset = Handset()
    try:
        await handset.pair(await station.pairing_link())
        outward, inward = await _clap(station, handset, claps)
    finally:
        await handset.close()
        await station.stop()
    print(f"mouth to ear, handset → door (goal ≤ 100 ms)           {spread(outward)}")
    print(f"mouth to ear, door → handset's wire                    {spread(inward)}")


async def _clap(station, handset, claps):
    handset.mouth = Clapper
    cid = await ring(station, handset)
    await connected(handset)
    wire, door = Wire(handset.session), Door(station.played)
    await handset.ask("accept", {"cid": cid})
    # The station's own sounds are over by then.
    await asyncio.sleep(3)
    listening = asyncio.create_task(door.listen())
    await asyncio.sleep(claps + 1)
    listening.cancel()
    said = handset.session.mouth.claps[-claps:-1]
    await handset.hang_up(cid)
    return [door.delay(clap) for clap in said], _ticks(wire)[1:]


def _ticks(wire):
    """The station ticks at the full seconds of CLOCK_MONOTONIC."""
    late, last = [], 0.0
    for moment, samples in wire.arrived:
        first = onset(samples)
        if first is not None and moment - last > 0.5:
            # The last sample of the packet cannot be heard before the first.
            late.append((moment + first / RATE) % 1)
            last = moment
    return late
