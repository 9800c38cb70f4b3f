# SPDX-License-Identifier: MIT OR Apache-2.0
"""How a call begins: somebody rings, and the handset takes it."""

from stand import until


async def ring(station, handset):
    """The call's number, once the handset rings."""
    await station.press()
    return (await handset.heard("ring")).b["cid"]


async def connected(handset):
    await until(lambda: handset.session and handset.session.state == "connected", "a session")


async def answered(station, handset):
    """The same, once it has a session and has accepted."""
    cid = await ring(station, handset)
    await connected(handset)
    await handset.accept(cid)
    return cid
