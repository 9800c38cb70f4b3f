// SPDX-License-Identifier: MIT OR Apache-2.0
// Every frame of tests/vectors/to_handset.json, as the page reads it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { read, testKey } from "./vectors.mjs";
import { decode } from "../../../web/base64url.js";
import { Context } from "../../../web/context.js";
import { Refusal, open } from "../../../web/envelope.js";
import { readGreeting } from "../../../web/greeting.js";
import { fault } from "../../../web/messages.js";
import { readAnswer } from "../../../web/pairing.js";

const { cases } = read("to_handset.json");
const station = await testKey("station");
const handset = await testKey("handset_call");

const opened = (frame) => open(frame, {
  sender: { thumbprint: station.thumbprint, publicKey: station.pair.publicKey },
  me: handset.thumbprint,
});

const READERS = {
  async is_connected(frame, { sx, heard }) {
    const context = new Context(sx);
    for (let seq = 1; seq <= heard; seq += 1) context.received({ sx, seq, t: "ok" }, 0);
    const message = await opened(frame);
    const freshness = context.received(message, 0);
    if (freshness === "stale") throw new Refusal("stale");
    if (freshness === "seen") return { repeated: true };
    const broken = fault(message);
    if (broken !== null) throw new Refusal(broken);
    return { ok: message };
  },
  async says_hello(frame, { mid, n_h: nonce }) {
    const message = await opened(frame);
    await readGreeting(message, { mid, nonce: decode(nonce) }, 0);
    return { ok: message };
  },
  async pairs(frame, { mid, station: key, token }) {
    return { ok: await readAnswer(frame, { mid, call: handset }, { key, token }) };
  },
};

async function outcome({ doing, frame }) {
  try {
    return await READERS[doing.does](frame, doing);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.code };
  }
}

/** A page cannot see the TLS key of its connection, so it compares no pins. */
const canBeAsked = ({ doing }) => doing.does !== "says_hello" || doing.srv === "";

for (const vector of cases.filter(canBeAsked)) {
  test(vector.name, async () => assert.deepEqual(await outcome(vector), vector.expect));
}

test("there are frames of every kind", () => {
  for (const does of Object.keys(READERS)) {
    assert.ok(cases.filter(canBeAsked).some(({ doing }) => doing.does === does), does);
  }
});
