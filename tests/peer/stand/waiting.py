# SPDX-License-Identifier: MIT OR Apache-2.0
"""Conditions with a deadline."""

import asyncio
import inspect
import time


async def until(condition, what, within=20.0):
    """The first true value of `condition`, which may be a coroutine function."""
    ends = time.monotonic() + within
    while True:
        value = condition()
        value = await value if inspect.isawaitable(value) else value
        if value:
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"not within {within} s: {what() if callable(what) else what}")
        await asyncio.sleep(0.01)
