# SPDX-License-Identifier: MIT OR Apache-2.0
"""The pairing link, and what proves knowledge of its token (section 4)."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .encoding import Malformed, b64, parse, unb64
from .keys import PublicKey

_MEMBERS = {"v", "name", "key", "pin", "at", "token"}


class PairingRefused(Exception):
    """The station is not the one of the link, or does not want us."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PairingLink:
    name: str
    key: str
    pin: str
    at: tuple
    token: bytes

    @classmethod
    def parse(cls, text):
        fragment = urlsplit(text).fragment
        told = re.fullmatch(r"pair=([A-Za-z0-9_-]+)", fragment)
        if not told:
            raise Malformed("no pairing link")
        members = parse(unb64(told[1]))
        if set(members) != _MEMBERS or type(members["v"]) is not int or members["v"] != 1:
            raise Malformed("members of a pairing link")
        unb64(members["key"], 32)
        if members["pin"] != "":
            unb64(members["pin"], 32)
        token = unb64(members["token"], 16)
        return cls(members["name"], members["key"], members["pin"], tuple(members["at"]), token)

    def mac(self, call, action, srv):
        return pair_mac(self.token, self.key, call, action, srv)

    def station_of(self, pair_ok, call):
        """The station's key, if `pair_ok` comes from whoever made the token."""
        key = PublicKey.from_jwk(pair_ok["key"])
        expected = paired_mac(self.token, self.key, call, pair_ok["handset"])
        if key.thumbprint != self.key or not hmac.compare_digest(expected, pair_ok["mac"]):
            raise PairingRefused("bad_token")
        return key


def pair_mac(token, station, call, action, srv):
    return _mac(token, "icm1-pair", station, call, action, srv)


def paired_mac(token, station, call, handset):
    return _mac(token, "icm1-paired", station, call, handset)


def _mac(token, *texts):
    return b64(hmac.new(token, b"\0".join(text.encode() for text in texts), hashlib.sha256).digest())
