# SPDX-License-Identifier: MIT OR Apache-2.0
"""One WebSocket and the context on it: numbers, acknowledgements, repetitions (section 3)."""

import asyncio
import contextlib
import hashlib
import os
import ssl

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from . import bodies
from .context import Context, context_of
from .deadlines import deadline, stop
from .encoding import Malformed, b64, parse
from .envelope import Message, Refused, open_envelope, seal
from .keys import PublicKey

ACK_WITHIN = 0.4
# "After 1 s, 2 s, 4 s and then every 4 s": the next would be after it was given up.
PAUSES = (1.0, 2.0, 4.0)
GIVE_UP = 10.0
OPEN = 5.0
PING_EVERY = 15.0
SILENCE = 30.0


class ConnectionLost(Exception):
    """Nothing more comes over this connection; `reason` is the station's, if it told one."""

    def __init__(self, why, reason=""):
        super().__init__(why)
        self.reason = reason


class Connection:
    """Carries messages; what they mean is the handset's business.

    `on_message` gets what is new, after all checks that need no rights.
    """

    def __init__(self, key, station, on_message):
        self.key = key
        self.station = station
        self.srv = ""
        self.context = None
        self.lost = asyncio.get_running_loop().create_future()
        self.refused = None
        self.ignored = []
        self._on_message = on_message
        self._socket = None
        self._tasks = []
        self._repeating = {}
        self._ack_due = None
        self._hello = None
        self._outside = None

    @classmethod
    async def open(cls, address, pin, key, station, on_message):
        """`station` is a public key, or a thumbprint while only that is known."""
        connection = cls(key, station, on_message)
        try:
            async with deadline(OPEN, f"a connection to {address}"):
                await connection._connect(address, pin)
        except (InvalidHandshake, ConnectionClosed, OSError, TimeoutError) as error:
            await connection.close()
            raise ConnectionLost(repr(error)) from error
        return connection

    async def _connect(self, address, pin):
        self._socket = await connect(
            f"{'wss' if pin else 'ws'}://{address}/link",
            subprotocols=["icm1"],
            ssl=_tls13() if pin else None,
            proxy=None,
            compression=None,
            max_size=64 * 1024,
            ping_interval=PING_EVERY,
            ping_timeout=SILENCE - PING_EVERY,
        )
        if self._socket.subprotocol != "icm1":
            raise OSError("the subprotocol was not taken")
        if pin:
            self.srv = _pin_of(self._socket)
            if self.srv != pin:
                raise OSError("another key than the pinned one")
        self._tasks = [asyncio.create_task(self._read())]

    # Out.

    async def send_raw(self, frame):
        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise self._lose(error) from error

    async def send_outside(self, t, b):
        """Without a context: `pair` and `hello`, repeated until they are answered."""
        message = Message(self.key.thumbprint, self._station_name(), t, b)
        self.asked(message.mid, b.get("n_h"))
        frame = seal(self.key, message)
        self._repeating[message.mid] = asyncio.create_task(self._repeat(frame))
        await self.send_raw(frame)
        return message.mid

    async def hello(self, app):
        n_h = b64(os.urandom(16))
        return await self.send_outside("hello", {"n_h": n_h, "srv": self.srv, "app": app})

    def asked(self, mid, n_h=None):
        """`pair` under this `mid`, or `hello` with this nonce."""
        self._outside, self._hello = mid, n_h

    async def say(self, t, b, mid=None, re=None):
        """In the context, repeated until it is acknowledged. Gives its message back."""
        message = Message(self.key.thumbprint, self._station_name(), t, b, re=re)
        if mid is not None:
            message.mid = mid
        message.sx, message.seq = self.context.sx, self.context.next_seq()
        message.ack = self.context.received.complete_to
        self._cancel_ack()
        frame = seal(self.key, message)
        self._repeating[message.seq] = asyncio.create_task(self._repeat(frame))
        await self.send_raw(frame)
        return message

    async def _repeat(self, frame):
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                await self.send_raw(frame)
            except ConnectionLost:
                return
        await asyncio.sleep(GIVE_UP - sum(PAUSES))
        self._lose(ConnectionLost("not acknowledged"))

    def _acknowledged(self, ack):
        for seq in [seq for seq in self._repeating if type(seq) is int and seq <= ack]:
            self._repeating.pop(seq).cancel()

    def _answered(self, mid):
        if mid in self._repeating:
            self._repeating.pop(mid).cancel()

    # In.

    async def _read(self):
        while True:
            try:
                frame = await self._socket.recv()
            except ConnectionClosed as error:
                return self._lose(error)
            try:
                self._take(frame)
            except Refused as refused:
                self.refused = refused
                await self._socket.close()
                return self._lose(refused)

    def _take(self, frame):
        if not isinstance(frame, str):
            raise Refused("bad_header", "not a text frame")
        try:
            message = self.check(frame)
        except Refused as refused:
            if refused.code not in ("unknown_message", "bad_body"):
                raise
            self.ignored.append(refused)
            return
        if message is None:
            return
        self._answered(message.re)
        if self.context is not None and message.sx:
            self._acknowledged(message.ack)
        if message.t != "ack":
            self._on_message(message)

    def check(self, frame):
        """All checks of section 2 that a handset can do; `None` for a repetition."""
        message = open_envelope(frame, self.key.thumbprint, self._key_of)
        if not self._is_new(message):
            self._owe_ack()
            return None
        if message.t not in bodies.STATION:
            raise Refused("unknown_message", message.t)
        try:
            bodies.STATION[message.t](message.b)
        except bodies.Wrong as wrong:
            raise Refused("bad_body", f"{message.t}: {wrong}") from wrong
        return message

    def _key_of(self, kid, payload):
        if kid != self._station_name():
            raise Refused("unknown_key")
        if isinstance(self.station, str):
            self.station = _key_told_in(payload, kid)
        return self.station

    def _is_new(self, message):
        if message.t == "hello_ok" and self._hello is not None:
            self._begin(message)
        if message.sx == "" and self.context is None and message.t in ("pair_ok", "error"):
            # A revoked key hears `error` without a look at what it said.
            is_unasked = message.t == "error" and message.re is None
            if message.seq != 0 or (message.re != self._outside and not is_unasked):
                raise Refused("stale", "an answer to something else")
            return True
        if self.context is None or message.sx != self.context.sx:
            raise Refused("stale", "another context")
        if message.t == "ack" and message.seq == 0:
            return True
        new = self.context.received.take(message.seq)
        if new:
            self._owe_ack()
        return new

    def _begin(self, message):
        try:
            bodies.STATION["hello_ok"](message.b)
        except bodies.Wrong as wrong:
            raise Refused("bad_body", str(wrong)) from wrong
        if (message.b["n_h"], message.re, message.seq) != (self._hello, self._outside, 1):
            raise Refused("stale", "the answer to another hello")
        if self.srv and message.b["srv"] != self.srv:
            raise Refused("wrong_recipient", "there is somebody between the station and us")
        self._hello = None
        self.context = Context(context_of(message.b["n_h"], message.b["n_d"]))

    # Acknowledgements.

    def _owe_ack(self):
        if self._ack_due is None:
            self._ack_due = asyncio.create_task(self._ack_later())

    async def _ack_later(self):
        await asyncio.sleep(ACK_WITHIN)
        self._ack_due = None
        message = Message(self.key.thumbprint, self._station_name(), "ack", {})
        message.sx, message.ack = self.context.sx, self.context.received.complete_to
        with contextlib.suppress(ConnectionLost):
            await self.send_raw(seal(self.key, message))

    def _cancel_ack(self):
        if self._ack_due is not None:
            self._ack_due.cancel()
            self._ack_due = None

    # The end.

    def _station_name(self):
        return self.station if isinstance(self.station, str) else self.station.thumbprint

    def _lose(self, why):
        closed = isinstance(why, ConnectionClosed) and why.rcvd is not None
        lost = ConnectionLost(repr(why), why.rcvd.reason if closed else "")
        if not self.lost.done():
            self.lost.set_result(lost)
        return lost

    def abort(self):
        """Without a word to the other side: it could not hear it."""
        self._socket.transport.abort()

    async def close(self):
        await stop([*self._tasks, *self._repeating.values(), *filter(None, [self._ack_due])])
        if self._socket is not None:
            await self._socket.close()
        self._lose(ConnectionLost("closed by us"))


def _key_told_in(payload, kid):
    """`pair_ok` brings the key whose name the link told."""
    try:
        key = PublicKey.from_jwk(parse(payload)["b"]["key"])
    except (Malformed, KeyError, TypeError) as error:
        raise Refused("unknown_key", "its key was not told yet") from error
    if key.thumbprint != kid:
        raise Refused("unknown_key", "another key than the link's")
    return key


def _tls13():
    """Names and dates mean nothing here: the key does, and it is compared after the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _pin_of(socket):
    der = socket.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    key = x509.load_der_x509_certificate(der).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64(hashlib.sha256(spki).digest())
