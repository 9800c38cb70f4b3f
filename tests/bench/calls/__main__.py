# SPDX-License-Identifier: MIT OR Apache-2.0
"""Whole calls with a handset in Python on the other end. Reports; judges nothing."""

import asyncio
import os

import load
import rings
import sound
from stand import stay_off_the_network


def number(name, usual):
    return int(os.environ.get(name, usual))


async def main():
    stay_off_the_network()
    await rings.report(number("BENCH_PRESSES", 300))
    await sound.report(number("BENCH_CALLS", 20), number("BENCH_CLAPS", 20))
    await load.report(number("BENCH_CALL_S", 60))


asyncio.run(main())
