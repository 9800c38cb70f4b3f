// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { Quality } from "../../../web/quality.js";

function report({ received, lost = 0, jitter = 0.001, roundTrip = 0.02 }) {
  return new Map([
    ["a", { type: "inbound-rtp", packetsReceived: received, packetsLost: lost, jitter }],
    ["b", { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: roundTrip }],
  ]);
}

function graded(first, second) {
  const quality = new Quality();
  assert.equal(quality.grade(report(first)), null);
  return quality.grade(report(second));
}

test("what comes whole, soon and evenly is good", () => {
  assert.equal(graded({ received: 100 }, { received: 200 }), "good");
});

test("loss, delay and unevenness each make it worse", () => {
  assert.equal(graded({ received: 100 }, { received: 195, lost: 5 }), "fair");
  assert.equal(graded({ received: 100 }, { received: 180, lost: 20 }), "poor");
  assert.equal(graded({ received: 100 }, { received: 200, roundTrip: 0.3 }), "fair");
  assert.equal(graded({ received: 100 }, { received: 200, roundTrip: 0.7 }), "poor");
  assert.equal(graded({ received: 100 }, { received: 200, jitter: 0.1 }), "poor");
});

test("only what was lost since the last look counts", () => {
  assert.equal(graded({ received: 100, lost: 50 }, { received: 200, lost: 50 }), "good");
});

test("nothing at all is told as that", () => {
  assert.equal(graded({ received: 100 }, { received: 100, lost: 10 }), "none");
});
