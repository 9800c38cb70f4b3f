# SPDX-License-Identifier: MIT OR Apache-2.0
"""The signed envelope around every message (section 2)."""

from dataclasses import dataclass, field
from typing import Optional

from .encoding import Malformed, b64, dump, parse, random16, unb64

LIMIT = 32 * 1024
LIMIT_UNCONFIRMED = 4 * 1024

_REQUIRED = {"v", "mid", "from", "to", "sx", "seq", "ack", "t", "b"}


class Refused(Exception):
    """A frame that is not taken, and the first check that it fails."""

    def __init__(self, code, why=""):
        super().__init__(f"{code} {why}".strip())
        self.code = code


@dataclass
class Message:
    sender: str
    to: str
    t: str
    b: dict
    sx: str = ""
    seq: int = 0
    ack: int = 0
    re: Optional[str] = None
    mid: str = field(default_factory=random16)

    def payload(self):
        members = {"v": 1, "mid": self.mid, "from": self.sender, "to": self.to, "sx": self.sx}
        members |= {"seq": self.seq, "ack": self.ack}
        if self.re is not None:
            members["re"] = self.re
        return members | {"t": self.t, "b": self.b}


def header(kid):
    return ('{"alg":"ES256","typ":"icm+jws","kid":"%s"}' % kid).encode()


def seal_bytes(key, payload, kid=None):
    """Any bytes in an envelope: tests make wrong ones, too."""
    signed = b64(header(kid or key.thumbprint)) + "." + b64(payload)
    return signed + "." + b64(key.sign(signed.encode()))


def seal(key, message):
    return seal_bytes(key, dump(message.payload()))


def open_envelope(frame, me, key_of, limit=LIMIT):
    """Checks 1 to 7; `key_of(kid, payload)` knows the sender's key or refuses."""
    if len(frame.encode("utf-8", "surrogatepass")) > limit:
        raise Refused("too_large")
    kid, payload, signature, signed = _parts(frame)
    if not key_of(kid, payload).verifies(signature, signed):
        raise Refused("bad_signature")
    message = _message(payload, kid)
    if message.to != me:
        raise Refused("wrong_recipient")
    return message


def _parts(frame):
    parts = frame.split(".")
    if len(parts) != 3:
        raise Refused("bad_header", "not three parts")
    try:
        head, payload, signature = (unb64(part) for part in parts)
        kid = parse(head).get("kid")
        unb64(kid, 32)
    except Malformed as error:
        raise Refused("bad_header", str(error)) from error
    if head != header(kid):
        raise Refused("bad_header", "other bytes")
    return kid, payload, signature, frame.rpartition(".")[0].encode()


def _message(payload, kid):
    try:
        members = parse(payload)
        if set(members) - {"re"} != _REQUIRED:
            raise Malformed("members")
        _check_types(members)
        if members["from"] != kid:
            raise Malformed("from is not kid")
    except Malformed as error:
        raise Refused("bad_payload", str(error)) from error
    return Message(
        sender=kid,
        to=members["to"],
        t=members["t"],
        b=members["b"],
        sx=members["sx"],
        seq=members["seq"],
        ack=members["ack"],
        re=members.get("re"),
        mid=members["mid"],
    )


def _check_types(members):
    if type(members["v"]) is not int or members["v"] != 1:
        raise Malformed("version")
    unb64(members["mid"], 16)
    unb64(members["to"], 32)
    for name in ("sx", "t"):
        if not isinstance(members[name], str):
            raise Malformed(name)
    for name in ("seq", "ack"):
        if type(members[name]) is not int or members[name] < 0:
            raise Malformed(name)
    if "re" in members:
        unb64(members["re"], 16)
    if not isinstance(members["b"], dict):
        raise Malformed("body")
