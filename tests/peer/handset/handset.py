# SPDX-License-Identifier: MIT OR Apache-2.0
"""A handset: pairs, stays connected, rings, answers, opens doors (sections 3 to 7)."""

import asyncio
import itertools
import random

from aiortc.exceptions import InvalidStateError

from . import bodies, door
from .connection import Connection, ConnectionLost
from .deadlines import SOON, deadline, finish, stop
from .encoding import b64, random16
from .envelope import Refused
from .keys import SecretKey
from .pairing import PairingRefused
from .session import Session
from .sound import TONE, Mouth


def hum():
    return Mouth(TONE)


class Declined(Exception):
    """The station answered `error`."""

    def __init__(self, body):
        super().__init__(f"{body['code']}: {body['detail']}")
        self.code, self.body = body["code"], body


class Handset:
    """`story` holds what was heard and not yet waited for.

    `mouth` makes a session's voice. With `preview` it asks for its
    session while it rings.
    """

    def __init__(self, label="Python", mouth=hum, preview=True, relay_only=False):
        self.label, self.mouth = label, mouth
        self.preview, self.relay_only = preview, relay_only
        self.call_key, self.action_key = SecretKey(), SecretKey()
        self.station = self.id = None
        self.addresses, self.pin = (), ""
        self.story = []
        self.session = None
        self.sessions = 0
        self.rings = True
        self.connection = None
        self.spoil_answer = lambda sdp: sdp
        self.spoil_offer = lambda sdp: sdp
        self._changed = asyncio.Event()
        self._pending = {}
        self._over = set()
        self._tasks = set()
        self._staying = None
        self._ending = []
        self._path_lost = False

    # Pairing and staying connected.

    async def pair(self, link, srv=None, mac=None):
        """Pairs, says hello and stays."""
        self.addresses, self.pin = link.at, link.pin
        await self._reach(link.key)
        await self._say_pair(link, srv, mac)
        await self._greet()
        self.stay()

    async def _reach(self, station):
        why = ConnectionLost("no address")
        for address in self.addresses:
            try:
                self.connection = await Connection.open(
                    address, self.pin, self.call_key, station, self._take
                )
                return
            except ConnectionLost as error:
                why = error
        raise why

    async def _say_pair(self, link, srv, mac):
        call, action = self.call_key.thumbprint, self.action_key.thumbprint
        srv = self.connection.srv if srv is None else srv
        body = {"label": self.label, "srv": srv, "mac": mac or link.mac(call, action, srv)}
        body |= {"call_key": self.call_key.public.jwk, "action_key": self.action_key.public.jwk}
        asked = await self.connection.send_outside("pair", body)
        answer = await self._before_it_is_lost(self.heard("pair_ok", "error", re=asked))
        if answer.t == "error":
            await self.connection.close()
            raise PairingRefused(answer.b["code"])
        self.station = link.station_of(answer.b, call)
        self.id, self.rights, self.doors = (answer.b[m] for m in ("handset", "rights", "doors"))

    async def connect(self):
        """One connection, greeted; without `stay` nobody mends it."""
        await self._reach(self.station)
        await self._greet()

    async def _greet(self):
        asked = await self.connection.hello("python peer")
        answer = await self._before_it_is_lost(self.heard("hello_ok", "error", re=asked))
        if answer.t == "error":
            raise Declined(answer.b)
        self.state = (await self._ask("resume", {}, random16())).b
        for mid, (t, b, _) in list(self._pending.items()):
            await self.connection.say(t, b, mid)
        self._catch_up()

    async def _before_it_is_lost(self, answer):
        """What this connection brings, or how it ended."""
        waiting, lost = asyncio.ensure_future(answer), self.connection.lost
        try:
            await asyncio.wait([waiting, lost], return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            raise lost.result()
        finally:
            waiting.cancel()

    def stay(self):
        self._staying = self._spawn(self._stay())

    def stop_staying(self):
        self._staying.cancel()

    async def _stay(self):
        while True:
            await asyncio.shield(self.connection.lost)
            await self.connection.close()
            for attempt in itertools.count():
                pause = min(2 ** (attempt - 1), 30) if attempt else 0
                await asyncio.sleep(pause * random.uniform(0.8, 1.2) if pause < 30 else pause)
                try:
                    await self.connect()
                    break
                except (ConnectionLost, Declined, TimeoutError):
                    await self.connection.close()

    def network_changed(self):
        """As a phone is told: whatever ran over the old network is gone."""
        self._path_lost = self.session is not None
        self.connection.abort()

    def _catch_up(self):
        """A ringing that the station knows nothing of is over."""
        call = self.state.get("call")
        if self.session and (call is None or call["cid"] != self.session.cid):
            self._spawn(self._drop_session())
        elif self.session and self._path_lost:
            self._spawn(self.want_session(self.session.cid))
        self._path_lost = False

    # Saying.

    async def say(self, t, b):
        return await self.connection.say(t, b)

    async def ask(self, t, b, mid=None):
        """The answer's message; an `error` is raised. Survives a change of connections."""
        mid = mid or random16()
        return await self._ask(t, b, mid)

    async def _ask(self, t, b, mid):
        answer = asyncio.get_running_loop().create_future()
        if t != "resume":
            self._pending[mid] = (t, b, answer)
        try:
            await self.connection.say(t, b, mid)
        except ConnectionLost:
            if t == "resume":
                raise
        try:
            return await self._answered(t, mid, answer)
        finally:
            self._pending.pop(mid, None)

    async def _answered(self, t, mid, answer):
        if t == "resume":
            reply = await self._before_it_is_lost(self.heard("state_is", "error", re=mid))
        else:
            async with deadline(SOON, f"an answer to {t}"):
                reply = await answer
        if reply.t == "error":
            raise Declined(reply.b)
        if reply.t == "ok":
            bodies.check_ok(t, reply.b)
        return reply

    async def accept(self, cid):
        await self.ask("accept", {"cid": cid})
        await self.heard("selected", cid=cid)
        if self.session is None:
            await self.want_session(cid)

    async def want_session(self, cid, video=("vp8", "h264")):
        await self.ask("connect", {"cid": cid, "video": list(video), "camera": False})

    async def hang_up(self, cid):
        await self.ask("hangup", {"cid": cid})

    async def open_door(self, name, cid=None, key=None):
        challenge = (await self.ask("challenge", {"door": name})).b
        body = self.door_action(name, cid, challenge["nonce"], key)
        await self.ask("action", body)
        return body

    def door_action(self, name, cid, nonce, key=None):
        station, me = self.station.thumbprint, self.call_key.thumbprint
        text = door.signed_text(station, me, name, cid, nonce)
        return {"door": name, "nonce": nonce, "sig": b64((key or self.action_key).sign(text))}

    # Hearing.

    async def heard(self, *kinds, re=None, within=SOON, **members):
        """The first such message not waited for before, now or within the time."""
        async with deadline(within, lambda: f"{kinds} {members}; heard {self._told()}"):
            while True:
                for message in self.story:
                    if _fits(message, kinds, re, members):
                        self.story.remove(message)
                        return message
                self._changed.clear()
                await self._changed.wait()

    def _told(self):
        return [(m.t, m.b.get("cid"), m.b.get("code")) for m in self.story]

    def _take(self, message):
        if message.re in self._pending:
            _, _, answer = self._pending[message.re]
            if not answer.done():
                answer.set_result(message)
            return
        act = {
            "ring": self._on_ring,
            "offer": self._on_offer,
            "ice": self._on_ice,
            "ended": self._on_ended,
        }.get(message.t)
        if act is not None:
            self._spawn(act(message.b))
        self.story.append(message)
        self._changed.set()

    async def _on_ring(self, b):
        if not self.rings or b["cid"] in self._over:
            return
        await self.say("ringing", {"cid": b["cid"]})
        if self.preview:
            await self.want_session(b["cid"])

    async def _on_offer(self, b):
        if b["cid"] in self._over:
            return
        if self.session and (self.session.cid, self.session.number) == (b["cid"], b["session"]):
            return await self._say_answer(self.session)
        old, self.session = self.session, Session(
            b["cid"], b["session"], b["ice"], self.mouth(), self.relay_only
        )
        session = self.session
        self.sessions += 1
        if old:
            await self._end(old)
        try:
            text = await session.answer(self.spoil_offer(b["sdp"]))
        except InvalidStateError:
            # Closed meanwhile: there is a newer one, or the call is over.
            return
        if session is self.session:
            session.text = self.spoil_answer(text)
            await self._say_answer(session)

    async def _say_answer(self, session):
        """Also when the offer is repeated, since then the first answer may have been lost."""
        if session.text is None:
            return
        body = {"cid": session.cid, "session": session.number, "sdp": session.text}
        await self.say("answer", body)

    async def _on_ice(self, b):
        session = self.session
        if session and (b["cid"], b["session"]) == (session.cid, session.number):
            await session.candidate(b["mline"], b["candidate"])

    async def _on_ended(self, b):
        self._over.add(b["cid"])
        if self.session and self.session.cid == b["cid"]:
            await self._drop_session()

    async def _drop_session(self):
        session, self.session = self.session, None
        if session:
            await self._end(session)

    def _end(self, session):
        """To the end, whoever is cancelled meanwhile: half closed it leaves threads behind."""
        ending = asyncio.ensure_future(session.close())
        self._ending.append(ending)
        return asyncio.shield(ending)

    def _spawn(self, work):
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task):
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            if not isinstance(task.exception(), (ConnectionLost, Declined, Refused)):
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "handset", "exception": task.exception()}
                )

    async def close(self):
        """In this order nothing begins anew: no connection, no message, no session."""
        await stop([self._staying] if self._staying else [])
        if self.connection:
            await self.connection.close()
        await stop(self._tasks)
        if self.session:
            self._end(self.session)
        await finish(self._ending)


def _fits(message, kinds, re, members):
    is_answer = message.re == re or (message.re is None and message.sx == "")
    if message.t not in kinds or (re is not None and not is_answer):
        return False
    return all(message.b.get(name) == value for name, value in members.items())
