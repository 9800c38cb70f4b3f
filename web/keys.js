// SPDX-License-Identifier: MIT OR Apache-2.0
// P-256 keys. The private halves are made so that nothing, not even this page, can read them.

import { decodeExactly, encode } from "./base64url.js";
import { isObject } from "./json.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const JWK_MEMBERS = ["kty", "crv", "x", "y"];

const utf8 = new TextEncoder();

/** `{ pair, jwk, thumbprint }` of a new key. */
export async function generateKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  return withName(pair);
}

export async function withName(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk = { kty, crv, x, y };
  return { pair, jwk, thumbprint: await thumbprint(jwk) };
}

/** Exactly the members of the specification, with the sizes of a point. */
export function isPublicJwk(value) {
  return isObject(value)
    && Object.keys(value).length === JWK_MEMBERS.length
    && value.kty === "EC" && value.crv === "P-256"
    && decodeExactly(value.x, 32) !== null && decodeExactly(value.y, 32) !== null;
}

/** Fails for a point that is not on the curve. */
export function importPublicKey(jwk) {
  return crypto.subtle.importKey("jwk", { ...jwk, ext: true }, CURVE, true, ["verify"]);
}

/** RFC 7638. */
export async function thumbprint({ x, y }) {
  return encode(await sha256(utf8.encode(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)));
}

export async function sign(privateKey, bytes) {
  return new Uint8Array(await crypto.subtle.sign(SIGNATURE, privateKey, bytes));
}

export function verify(publicKey, signature, bytes) {
  return crypto.subtle.verify(SIGNATURE, publicKey, signature, bytes);
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function hmac(secret, bytes) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, bytes));
}

export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}
