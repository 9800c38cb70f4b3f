# SPDX-License-Identifier: MIT OR Apache-2.0
"""Base64url without padding, and JSON that means one thing only."""

import base64
import json
import os
import re

DEEPEST = 8
LARGEST = 2**53 - 1

_BASE64URL = re.compile(rb"[A-Za-z0-9_-]*")


class Malformed(ValueError):
    """Bytes that are not what the specification says."""


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text, length=None):
    """Decodes strictly: no padding, no foreign characters, no bits left over."""
    if not isinstance(text, str):
        raise Malformed("not a string")
    data = text.encode()
    if not _BASE64URL.fullmatch(data) or len(data) % 4 == 1:
        raise Malformed("not base64url")
    raw = base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    if b64(raw) != text:
        raise Malformed("bits left over")
    if length is not None and len(raw) != length:
        raise Malformed(f"{len(raw)} bytes instead of {length}")
    return raw


def random16():
    return b64(os.urandom(16))


def _once(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("a member twice")
    return members


def _no_constant(name):
    raise Malformed(f"{name} is no JSON")


def _integer(digits):
    if digits == "-0" or abs(int(digits)) > LARGEST:
        raise Malformed("a number out of range")
    return int(digits)


def _deepest(value):
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(_deepest, inner), default=0)
    return 0


def parse(raw):
    """A JSON object of UTF-8 bytes, without duplicate members at any depth."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_constant,
            parse_int=_integer,
        )
        if _deepest(value) > DEEPEST:
            raise Malformed("too deep")
        # Half of a surrogate pair is a Python string, but no text.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, RecursionError, ValueError) as error:
        raise Malformed(str(error)) from error
    if not isinstance(value, dict):
        raise Malformed("not an object")
    return value


def dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
