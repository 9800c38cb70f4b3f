# SPDX-License-Identifier: MIT OR Apache-2.0
"""ECDSA P-256 keys, their JWK and their names (section 1)."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from .encoding import Malformed, b64, unb64

_ES256 = ec.ECDSA(hashes.SHA256())


class PublicKey:
    def __init__(self, x, y):
        self._x, self._y = x, y
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
        )
        try:
            self._key = numbers.public_key()
        except ValueError as error:
            raise Malformed("not a point of the curve") from error

    @classmethod
    def from_jwk(cls, jwk):
        if not isinstance(jwk, dict) or set(jwk) != {"kty", "crv", "x", "y"}:
            raise Malformed("members of a JWK")
        if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
            raise Malformed("kind of a JWK")
        return cls(unb64(jwk["x"], 32), unb64(jwk["y"], 32))

    @property
    def jwk(self):
        return {"kty": "EC", "crv": "P-256", "x": b64(self._x), "y": b64(self._y)}

    @property
    def thumbprint(self):
        text = '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' % (b64(self._x), b64(self._y))
        return b64(hashlib.sha256(text.encode()).digest())

    def verifies(self, signature, data):
        if len(signature) != 64:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), data, _ES256)
        except InvalidSignature:
            return False
        return True


class SecretKey:
    def __init__(self, key=None):
        self._key = key or ec.generate_private_key(ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self.public = PublicKey(numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big"))

    @classmethod
    def from_number(cls, d):
        return cls(ec.derive_private_key(int.from_bytes(d, "big"), ec.SECP256R1()))

    @property
    def thumbprint(self):
        return self.public.thumbprint

    def sign(self, data):
        r, s = decode_dss_signature(self._key.sign(data, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
