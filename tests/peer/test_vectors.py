# SPDX-License-Identifier: MIT OR Apache-2.0
"""The examples of tests/vectors, which every implementation runs."""

import json
import pathlib
import unittest

from handset import door
from handset.connection import Connection
from handset.context import Context, context_of
from handset.encoding import Malformed, unb64
from handset.envelope import Refused
from handset.keys import PublicKey, SecretKey
from handset.pairing import PairingLink, PairingRefused, paired_mac, pair_mac

_VECTORS = pathlib.Path(__file__).resolve().parents[1] / "vectors"


def read(name):
    return json.loads((_VECTORS / name).read_text())


KEYS = {name: key | {"name": name} for name, key in read("keys.json")["keys"].items()}


def secret(name):
    return SecretKey.from_number(unb64(KEYS[name]["d"], 32))


class Primitives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lists = read("primitives.json")

    def each(self, kind):
        self.assertTrue(self.lists[kind])
        for case in self.lists[kind]:
            with self.subTest(kind, **case):
                yield case

    def test_every_list_has_its_test(self):
        told = {"base64url", "thumbprint", "context", "pair_mac", "paired_mac", "invitation"}
        self.assertEqual(set(self.lists) - {"about"}, told | {"open", "signature"})

    def test_keys_have_their_names(self):
        for name, key in KEYS.items():
            with self.subTest(name):
                self.assertEqual(secret(name).public.jwk, key["jwk"])
                self.assertEqual(secret(name).thumbprint, key["thumbprint"])

    def test_base64url(self):
        for case in self.each("base64url"):
            if "hex" in case:
                self.assertEqual(unb64(case["text"]).hex(), case["hex"])
            else:
                self.assertRaises(Malformed, unb64, case["text"])

    def test_thumbprints(self):
        for case in self.each("thumbprint"):
            self.assertEqual(PublicKey.from_jwk(case["jwk"]).thumbprint, case["thumbprint"])

    def test_contexts(self):
        for case in self.each("context"):
            self.assertEqual(context_of(case["n_h"], case["n_d"]), case["sx"])

    def test_pairing_macs(self):
        for case in self.each("pair_mac"):
            names = (case[name] for name in ("station", "call", "action", "srv"))
            self.assertEqual(pair_mac(unb64(case["token"]), *names), case["mac"])
        for case in self.each("paired_mac"):
            names = (case[name] for name in ("station", "call", "handset"))
            self.assertEqual(paired_mac(unb64(case["token"]), *names), case["mac"])

    def test_pairing_links(self):
        for case in self.each("invitation"):
            told = case.get("invitation")
            if told is None:
                self.assertRaises(Malformed, PairingLink.parse, case["link"])
                continue
            expected = PairingLink(
                told["name"], told["key"], told["pin"], tuple(told["at"]), unb64(told["token"])
            )
            self.assertEqual(PairingLink.parse(case["link"]), expected)

    def test_what_opens_a_door(self):
        for case in self.each("open"):
            cid = None if case["cid"] == "-" else case["cid"]
            names = case["station"], case["handset"], case["door"]
            text = door.signed_text(*names, cid, case["nonce"])
            self.assertEqual(text.hex(), case["text"])

    def test_signatures(self):
        for case in self.each("signature"):
            good = secret(case["key"]).public.verifies(unb64(case["sig"]), case["text"].encode())
            self.assertEqual(good, case["good"])


class Frames(unittest.IsolatedAsyncioTestCase):
    async def test_every_frame_is_taken_or_refused_as_it_says(self):
        cases = read("to_handset.json")["cases"]
        self.assertGreaterEqual(len(cases), 200)
        for case in cases:
            with self.subTest(case["name"]):
                self.assertEqual(take(case["doing"], case["frame"]), case["expect"])


def take(doing, frame):
    connection = Connection(secret("handset_call"), secret("station").public, None)
    # Nothing is sent here.
    connection._owe_ack = lambda: None
    link = {
        "pairs": _pairs,
        "says_hello": _says_hello,
        "is_connected": _is_connected,
    }[doing["does"]](connection, doing)
    try:
        message = connection.check(frame)
        if message is not None and link and message.t == "pair_ok":
            link.station_of(message.b, connection.key.thumbprint)
    except (Refused, PairingRefused) as refused:
        return {"refused": refused.code}
    return {"repeated": True} if message is None else {"ok": message.payload()}


def _pairs(connection, doing):
    connection.station = doing["station"]
    connection.asked(doing["mid"])
    return PairingLink("", doing["station"], "", (), unb64(doing["token"]))


def _says_hello(connection, doing):
    connection.srv = doing["srv"]
    connection.asked(doing["mid"], doing["n_h"])


def _is_connected(connection, doing):
    connection.context = Context(doing["sx"])
    for seq in range(1, doing["heard"] + 1):
        connection.context.received.take(seq)
