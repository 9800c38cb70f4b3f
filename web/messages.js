// SPDX-License-Identifier: MIT OR Apache-2.0
// What a station can say, and the bodies that it says it with.

import { isPublicJwk } from "./keys.js";
import {
  bytes, count, either, flag, label, listOf, object, optional, text, word,
} from "./shape.js";

export const RIGHTS = ["answer", "preview", "monitor", "admin"];

const STATUSES = [
  "initiated", "ringing", "connecting", "ongoing",
  "ended", "busy", "rejected", "cancelled", "unanswered", "missed", "elsewhere", "failed",
];
const rights = listOf(word(...RIGHTS));
const media = word("audio", "video");
const thumbprint = bytes(32);

const door = object({
  name: text,
  label: text,
  state: word("closed", "open", "held", "locked"),
  contact: word("closed", "open", "unknown"),
  alarm: word("normal", "open_too_long", "forced_open", "tamper", "fault", "locked_down"),
  locked: flag,
});

const call = object({
  cid: count,
  status: word(...STATUSES),
  direction: word("outgoing", "incoming"),
  contact: optional(text),
  media,
  ring_ms: optional(count),
  monitor: flag,
});

const iceServer = object({
  urls: listOf(text), username: optional(text), credential: optional(text),
});

const handset = object({ id: text, label: text, rights, doors: listOf(text) });

const BODIES = {
  hello_ok: object({ n_h: bytes(16), n_d: bytes(16), srv: either(word(""), thumbprint) }),
  pair_ok: object({
    key: isPublicJwk, handset: text, label, rights, doors: listOf(text), mac: bytes(32),
  }),
  state_is: object({
    name: text,
    handset: object({ id: text, label: text, rights }),
    doors: listOf(door),
    call: optional(call),
    busy: optional(object({ by: optional(text) })),
  }),
  ring: object({ cid: count, contact: optional(text), ring_ms: count, media }),
  nudge: object({ cid: count }),
  offer: object({ cid: count, session: count, sdp: text, ice: listOf(iceServer) }),
  ice: object({ cid: count, session: count, mline: count, candidate: text }),
  selected: object({ cid: count }),
  held: object({ cid: count, on: flag }),
  warning: object({ cid: count, ends_ms: count }),
  ended: object({
    cid: count,
    status: word(...STATUSES.slice(4)),
    // A newer station may know more of them.
    reason: text,
    answered_by: optional(text),
  }),
  challenge_is: object({ nonce: bytes(16), lasts_ms: count }),
  ok: either(
    object({}),
    object({ cid: count }),
    object({ link: text, lasts_ms: count }),
    object({ handsets: listOf(handset) }),
  ),
  error: object({
    code: text, detail: text, retry_ms: optional(count), answered_by: optional(text),
    key: optional(isPublicJwk),
  }),
  ack: object({}),
};

/** The code of checks 9 and 10 that a message fails by, or null. */
export function fault({ t, b }) {
  if (!Object.hasOwn(BODIES, t)) return "unknown_message";
  return BODIES[t](b) ? null : "bad_body";
}
