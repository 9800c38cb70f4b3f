# SPDX-License-Identifier: MIT OR Apache-2.0
"""Waits that end, and that say what they waited for."""

import asyncio
import contextlib

SOON = 15.0


@contextlib.asynccontextmanager
async def deadline(seconds, what):
    """`asyncio.wait_for` loses a cancellation that comes with the result, before Python 3.12."""
    try:
        async with asyncio.timeout(seconds) as timeout:
            yield
    except TimeoutError as error:
        if not timeout.expired():
            raise
        told = what() if callable(what) else what
        raise TimeoutError(f"not within {seconds} s: {told}") from error


async def stop(tasks):
    """Cancels them; how they end is their own business."""
    for task in tasks:
        task.cancel()
    await _ended(tasks)


async def finish(tasks):
    """Lets them come to their end; what one failed with is raised."""
    await _ended(tasks)
    for task in tasks:
        task.result()


async def _ended(tasks):
    """Not `gather`: under a timeout that waits for the cancelled ones, whether they obey or not."""
    if tasks:
        _, left = await asyncio.wait(tasks, timeout=SOON)
        if left:
            raise TimeoutError(f"not within {SOON} s: an end of {left}")
