# SPDX-License-Identifier: MIT OR Apache-2.0
"""What a station may say, and the members of each body (section 5)."""

from .encoding import Malformed, unb64
from .keys import PublicKey

_RIGHTS = {"answer", "preview", "monitor", "admin"}


class Wrong(Exception):
    """The body is not what the table says."""


def _is(*kinds):
    def check(value):
        if type(value) not in kinds:
            raise Wrong("type")

    return check


def _bytes(length):
    def check(value):
        try:
            unb64(value, length)
        except Malformed as error:
            raise Wrong(str(error)) from error

    return check


def _natural(value):
    if type(value) is not int or value < 0:
        raise Wrong("not a natural number")


def _one_of(*words):
    def check(value):
        if value not in words:
            raise Wrong(f"not one of {words}")

    return check


def _all(check):
    def check_all(value):
        if not isinstance(value, list):
            raise Wrong("not a list")
        for item in value:
            check(item)

    return check_all


def _body(**members):
    """Names ending in `_` may be absent."""
    checks = {name.rstrip("_"): check for name, check in members.items()}
    required = {name for name in members if not name.endswith("_")}

    def check(value):
        if not isinstance(value, dict):
            raise Wrong("not an object")
        if not required <= set(value) <= set(checks):
            raise Wrong(f"members {sorted(value)}")
        for name, member in value.items():
            checks[name](member)

    return check


def _jwk(value):
    try:
        PublicKey.from_jwk(value)
    except Malformed as error:
        raise Wrong(str(error)) from error


_text = _is(str)
_bool = _is(bool)
_media = _one_of("audio", "video")
_rights = _all(_one_of(*_RIGHTS))
_door = _body(
    name=_text,
    label=_text,
    state=_one_of("closed", "open", "held", "locked"),
    contact=_one_of("closed", "open", "unknown"),
    alarm=_one_of(
        "normal", "open_too_long", "forced_open", "tamper", "fault", "locked_down"
    ),
    locked=_bool,
)
_call = _body(
    cid=_natural,
    status=_text,
    direction=_text,
    contact_=_text,
    media=_media,
    ring_ms_=_natural,
    monitor=_bool,
)
_listed = _body(id=_text, label=_text, rights=_rights, doors=_all(_text))
_server = _body(urls=_is(str, list), username_=_text, credential_=_text)

STATION = {
    "hello_ok": _body(n_h=_bytes(16), n_d=_bytes(16), srv=_text),
    "pair_ok": _body(
        key=_jwk, handset=_text, label=_text, rights=_rights, doors=_all(_text), mac=_bytes(32)
    ),
    "state_is": _body(
        name=_text,
        handset=_body(id=_text, label=_text, rights=_rights),
        doors=_all(_door),
        call_=_call,
        busy_=_body(by_=_text),
    ),
    "ring": _body(cid=_natural, contact_=_text, ring_ms=_natural, media=_media),
    "nudge": _body(cid=_natural),
    "offer": _body(cid=_natural, session=_natural, sdp=_text, ice=_all(_server)),
    "ice": _body(cid=_natural, session=_natural, mline=_natural, candidate=_text),
    "selected": _body(cid=_natural),
    "held": _body(cid=_natural, on=_bool),
    "warning": _body(cid=_natural, ends_ms=_natural),
    "ended": _body(cid=_natural, status=_text, reason=_text, answered_by_=_text),
    "ok": _body(cid_=_natural, link_=_text, lasts_ms_=_natural, handsets_=_all(_listed)),
    "challenge_is": _body(nonce=_text, lasts_ms=_natural),
    "error": _body(
        code=_text, detail=_text, retry_ms_=_natural, answered_by_=_text, key_=_jwk
    ),
    "ack": _body(),
}

OK = {
    "dial": _body(cid=_natural),
    "open_pairing": _body(link=_text, lasts_ms=_natural),
    "handsets": _body(handsets=_all(_listed)),
}


def check_ok(request, body):
    OK.get(request, _body())(body)
