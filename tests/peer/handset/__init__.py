# SPDX-License-Identifier: MIT OR Apache-2.0
"""A handset written from src/link/PROTOCOL.md alone, with aiortc for sound and pictures.

It shares no code with the station or with the browser handset: where the three disagree, the
specification decides, and where it does not, the specification is at fault.
"""

from .handset import Handset
from .pairing import PairingLink

__all__ = ["Handset", "PairingLink"]
