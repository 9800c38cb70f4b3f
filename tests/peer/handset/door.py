# SPDX-License-Identifier: MIT OR Apache-2.0
"""What the action key signs to open a door (section 7)."""


def signed_text(station, handset, door, cid, nonce):
    call = "-" if cid is None else str(cid)
    return b"\0".join(text.encode() for text in ("icm1-open", station, handset, door, call, nonce))
