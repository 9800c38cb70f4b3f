# SPDX-License-Identifier: MIT OR Apache-2.0
"""Nobody in between, nothing twice, nothing without the right key."""

import re

from case import CallCase
from handset import Handset
from handset.encoding import dump, parse, unb64
from handset.envelope import Message, seal, seal_bytes
from handset.handset import Declined
from handset.keys import SecretKey
from handset.pairing import PairingRefused
from stand import until


def other_fingerprint(sdp):
    """The first byte of every fingerprint differs."""
    spoilt, times = re.subn(
        r"(a=fingerprint:sha-256 )(..)",
        lambda found: f"{found[1]}{int(found[2], 16) ^ 0x55:02X}",
        sdp,
    )
    assert times, "no fingerprint"
    return spoilt


class Fingerprints(CallCase):
    async def test_a_fingerprint_that_is_not_the_handsets_gets_no_picture_and_no_sound(self):
        handset = await self.handset()
        handset.spoil_answer = other_fingerprint
        await self.ring(handset)
        await until(lambda: 'reason="untrusted"' in self.station.log(), self.station.log)
        session = handset.session
        self.assertEqual((session.ear.samples, session.eye.pictures), (0, 0))
        self.assert_handset_not_heard()

    async def test_a_call_whose_fingerprint_is_not_the_handsets_fails_as_untrusted(self):
        handset = await self.handset(preview=False)
        handset.spoil_answer = other_fingerprint
        cid = await self.ring(handset)
        await handset.accept(cid)
        ended = (await handset.heard("ended", cid=cid)).b
        self.assertEqual((ended["status"], ended["reason"]), ("failed", "untrusted"))
        self.assertEqual(await self.station.call(cid, "Reason"), "untrusted")
        self.assert_handset_not_heard()

    async def test_a_fingerprint_that_is_not_the_stations_is_found_out_by_the_handset(self):
        handset = await self.handset()
        handset.spoil_offer = other_fingerprint
        await self.ring(handset)
        await until(lambda: handset.session and handset.session.text, "an answer")
        session = handset.session
        await until(lambda: session.dtls_state == "failed", lambda: session.dtls_state)
        self.assertEqual((session.ear.samples, session.eye.pictures), (0, 0))
        self.assert_handset_not_heard()


class FrameCase(CallCase):
    """Frames as they are, and not as a handset would send them."""

    async def assert_unanswered(self, cid):
        self.assertIn(await self.station.call(cid, "Status"), ("initiated", "ringing"))

    async def is_shut(self):
        return not await self.station.door("front", "RelayActive")

    def recorded(self, handset):
        frames, send = [], handset.connection.send_raw

        async def record(frame):
            frames.append((kind_of(frame), frame))
            await send(frame)

        handset.connection.send_raw = record
        return frames

    def sealed(self, handset, t, b, seq, key=None, to=None):
        message = Message(handset.call_key.thumbprint, to or handset.station.thumbprint, t, b)
        message.sx, message.seq = handset.connection.context.sx, seq
        return seal(key or handset.call_key, message)

    async def is_closed(self, handset):
        connection = handset.connection
        await until(connection.lost.done, lambda: f"closed\n{self.station.log()}")


class Replays(FrameCase):
    async def test_the_bytes_of_an_accept_are_worth_nothing_the_second_time(self):
        handset = await self.handset(preview=False)
        cid = await self.ring(handset)
        frames = self.recorded(handset)
        await handset.ask("accept", {"cid": cid})
        await handset.heard("selected", cid=cid)
        [accept] = [frame for t, frame in frames if t == "accept"]
        await handset.connection.send_raw(accept)
        await handset.hang_up(cid)
        await handset.heard("ended", cid=cid)

        again = await self.ring(handset)
        await handset.connection.send_raw(accept)
        # An answer to what came later: the replay was read by now.
        await handset.ask("challenge", {"door": "front"})
        await self.assert_unanswered(again)

    async def test_an_accept_of_an_earlier_connection_is_stale(self):
        handset = await self.handset(preview=False)
        cid = await self.ring(handset)
        stale = self.sealed(handset, "accept", {"cid": cid}, seq=50)
        await handset.connection.close()
        await until(lambda: not handset.connection.lost.done(), "a new connection")
        await handset.heard("ring", cid=cid)
        await handset.connection.send_raw(stale)
        await self.is_closed(handset)
        await self.assert_unanswered(cid)

    async def test_opening_a_door_again_with_the_same_signature_opens_nothing(self):
        handset = await self.handset()
        frames = self.recorded(handset)
        used = await handset.open_door("front")
        await until(self.is_shut, "the pulse is over")
        [action] = [frame for t, frame in frames if t == "action"]
        await handset.connection.send_raw(action)
        with self.assertRaises(Declined) as refused:
            await handset.ask("action", used)
        self.assertEqual(refused.exception.code, "bad_challenge")
        self.assertTrue(await self.is_shut())

    async def test_a_door_does_not_open_for_the_call_key(self):
        handset = await self.handset()
        with self.assertRaises(Declined) as refused:
            await handset.open_door("front", key=handset.call_key)
        self.assertEqual(refused.exception.code, "bad_challenge")
        self.assertTrue(await self.is_shut())


class Forgeries(FrameCase):
    """A call rings, and somebody who may not answers."""

    async def ringing(self):
        handset = await self.handset(preview=False)
        return handset, await self.ring(handset)

    async def refused(self, handset, frame, cid):
        await handset.connection.send_raw(frame)
        await self.is_closed(handset)
        await self.assert_unanswered(cid)

    async def test_a_forged_signature_answers_nothing(self):
        handset, cid = await self.ringing()
        body = {"cid": cid}
        me = handset.call_key.thumbprint
        message = Message(me, handset.station.thumbprint, "accept", body)
        message.sx, message.seq = handset.connection.context.sx, 3
        forged = seal_bytes(SecretKey(), dump(message.payload()), kid=me)
        await self.refused(handset, forged, cid)

    async def test_what_is_meant_for_another_station_answers_nothing(self):
        handset, cid = await self.ringing()
        frame = self.sealed(handset, "accept", {"cid": cid}, 3, to=SecretKey().thumbprint)
        await self.refused(handset, frame, cid)

    async def test_a_stranger_answers_nothing(self):
        handset, cid = await self.ringing()
        stranger = SecretKey()
        message = Message(stranger.thumbprint, handset.station.thumbprint, "accept", {"cid": cid})
        message.sx, message.seq = handset.connection.context.sx, 3
        await self.refused(handset, seal(stranger, message), cid)

    async def test_a_revoked_handset_is_cut_off_at_once_and_for_good(self):
        handset, cid = await self.ringing()
        await handset.accept(cid)
        connection = handset.connection
        handset.stop_staying()
        await self.station.remove(handset.id)
        await until(connection.lost.done, "cut off")
        self.assertEqual((await handset.heard("error")).b["code"], "revoked")
        with self.assertRaises(Declined) as refused:
            await handset.connect()
        self.assertEqual(refused.exception.code, "revoked")
        self.assertEqual(await self.station.call(cid, "Status"), "failed")


class Pairing(CallCase):
    async def test_a_window_is_good_for_one_handset(self):
        link = await self.station.pairing_link()
        first, second = Handset("First"), Handset("Second")
        for handset in (first, second):
            self.addAsyncCleanup(handset.close)
        await first.pair(link)
        with self.assertRaises(PairingRefused) as refused:
            await second.pair(link)
        self.assertEqual(refused.exception.code, "pairing_closed")
        self.assertEqual(await self.station.handsets(), [first.id])

    async def test_the_sixth_try_finds_the_window_closed(self):
        link = await self.station.pairing_link()
        codes = []
        for _ in range(6):
            guess = Handset("Guess")
            self.addAsyncCleanup(guess.close)
            with self.assertRaises(PairingRefused) as refused:
                await guess.pair(link, mac="A" * 43)
            codes.append(refused.exception.code)
        self.assertEqual(codes, ["bad_token"] * 5 + ["pairing_closed"])
        late = Handset("Late")
        self.addAsyncCleanup(late.close)
        with self.assertRaises(PairingRefused) as refused:
            await late.pair(link)
        self.assertEqual(refused.exception.code, "pairing_closed")
        self.assertEqual(await self.station.handsets(), [])

    async def test_somebody_in_between_is_found_out_by_the_pin(self):
        link = await self.station.pairing_link()
        handset = Handset("Phone")
        self.addAsyncCleanup(handset.close)
        with self.assertRaises(PairingRefused) as refused:
            await handset.pair(link, srv="A" * 43)
        self.assertEqual(refused.exception.code, "bad_token")
        self.assertEqual(await self.station.handsets(), [])


def kind_of(frame):
    return parse(unb64(frame.split(".")[1]))["t"]
