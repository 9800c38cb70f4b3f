// SPDX-License-Identifier: MIT OR Apache-2.0
// What is hashed, authenticated and signed beside the envelope: contexts, pairing, doors.

import { encode } from "./base64url.js";
import { hmac, sha256, sign } from "./keys.js";

const utf8 = new TextEncoder();

/** The parts as UTF-8, with a zero byte between them. */
function joined(...parts) {
  return utf8.encode(parts.join("\0"));
}

export async function contextName(handsetNonce, stationNonce) {
  const label = utf8.encode("icm1-context");
  const bytes = new Uint8Array([...label, ...handsetNonce, ...stationNonce]);
  return encode((await sha256(bytes)).slice(0, 16));
}

/** By which the station sees that this handset was given the token. */
export async function pairMac(token, { station, call, action, srv }) {
  return encode(await hmac(token, joined("icm1-pair", station, call, action, srv)));
}

/** By which the handset sees that the station made the token. */
export async function pairedMac(token, { station, call, handset }) {
  return encode(await hmac(token, joined("icm1-paired", station, call, handset)));
}

export function doorText({ station, handset, door, cid, nonce }) {
  const call = cid === null ? "-" : String(cid);
  return joined("icm1-open", station, handset, door, call, nonce);
}

export async function doorSignature(actionKey, parts) {
  return encode(await sign(actionKey, doorText(parts)));
}
