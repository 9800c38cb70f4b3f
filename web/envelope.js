// SPDX-License-Identifier: MIT OR Apache-2.0
// Signed messages: sealing, and opening with the checks in the order of the specification.

import { decode, decodeExactly, encode } from "./base64url.js";
import { isObject, parseBytes } from "./json.js";
import { sign, verify } from "./keys.js";

export const LARGEST = 32 * 1024;
export const LARGEST_UNCONFIRMED = 4 * 1024;

const HEADER = /^\{"alg":"ES256","typ":"icm\+jws","kid":"([A-Za-z0-9_-]{43})"\}$/;
const MEMBERS = {
  v: (value) => value === 1,
  mid: (value) => decodeExactly(value, 16) !== null,
  from: isThumbprint,
  to: isThumbprint,
  sx: (value) => typeof value === "string",
  seq: isCount,
  ack: isCount,
  re: (value) => decodeExactly(value, 16) !== null,
  t: (value) => typeof value === "string",
  b: isObject,
};
const OPTIONAL = new Set(["re"]);

const utf8 = new TextEncoder();

/** Why a frame was not taken, by the code of the specification. */
export class Refusal extends Error {
  constructor(code) {
    super(code);
    this.name = "Refusal";
    this.code = code;
  }
}

export async function seal(key, payload) {
  const header = `{"alg":"ES256","typ":"icm+jws","kid":"${key.thumbprint}"}`;
  const signed = [header, JSON.stringify(payload)]
    .map((part) => encode(utf8.encode(part)))
    .join(".");
  const signature = await sign(key.pair.privateKey, utf8.encode(signed));
  return `${signed}.${encode(signature)}`;
}

/** The name of the key that signed, and what was signed; nothing is verified yet. */
export function split(frame, largest = LARGEST) {
  if (utf8.encode(frame).length > largest) throw new Refusal("too_large");
  const parts = frame.split(".");
  const bytes = parts.map(decode);
  if (parts.length !== 3 || bytes.includes(null)) throw new Refusal("bad_header");
  const [header, payload, signature] = bytes;
  // Byte by byte: what is not ASCII does not match.
  const kid = HEADER.exec(String.fromCharCode(...header.slice(0, 256)))?.[1];
  if (!isThumbprint(kid) || header.length > 256) throw new Refusal("bad_header");
  const signed = utf8.encode(frame.slice(0, frame.lastIndexOf(".")));
  return { kid, payload, signature, signed };
}

/** Checks 1 to 7. `sender` is `{ thumbprint, publicKey }`; `me` is a thumbprint. */
export async function open(frame, { sender, me, largest = LARGEST }) {
  const { kid, payload, signature, signed } = split(frame, largest);
  if (kid !== sender.thumbprint) throw new Refusal("unknown_key");
  if (signature.length !== 64 || !await verify(sender.publicKey, signature, signed)) {
    throw new Refusal("bad_signature");
  }
  const message = readPayload(payload);
  if (message.from !== kid) throw new Refusal("bad_payload");
  if (message.to !== me) throw new Refusal("wrong_recipient");
  return message;
}

export function readPayload(bytes) {
  let payload;
  try {
    payload = parseBytes(bytes);
  } catch {
    throw new Refusal("bad_payload");
  }
  if (!isObject(payload) || !hasMembers(payload)) throw new Refusal("bad_payload");
  return payload;
}

function hasMembers(payload) {
  const known = Object.keys(payload).every((name) => Object.hasOwn(MEMBERS, name));
  return known && Object.entries(MEMBERS).every(([name, isGood]) => (
    Object.hasOwn(payload, name) ? isGood(payload[name]) : OPTIONAL.has(name)
  ));
}

function isThumbprint(value) {
  return decodeExactly(value, 32) !== null;
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
