// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { read, testKey } from "./vectors.mjs";
import { decode, decodeExactly, encode } from "../../../web/base64url.js";
import { thumbprint, verify } from "../../../web/keys.js";
import { readLink } from "../../../web/pairing.js";
import { contextName, doorText, pairMac, pairedMac } from "../../../web/proofs.js";

const vectors = read("primitives.json");
const hex = (bytes) => Buffer.from(bytes).toString("hex");

test("base64url is read in its one canonical spelling only", () => {
  for (const { text, hex: expected } of vectors.base64url) {
    const bytes = decode(text);
    assert.equal(bytes === null ? undefined : hex(bytes), expected, JSON.stringify(text));
    if (bytes !== null) assert.equal(encode(bytes), text);
  }
});

test("thumbprints are those of the vectors", async () => {
  for (const vector of vectors.thumbprint) {
    assert.equal(await thumbprint(vector.jwk), vector.thumbprint);
  }
});

test("contexts follow from both nonces", async () => {
  for (const { n_h: mine, n_d: theirs, sx } of vectors.context) {
    assert.equal(await contextName(decode(mine), decode(theirs)), sx);
  }
});

test("pairing proofs are those of the vectors", async () => {
  for (const { token, mac, ...parts } of vectors.pair_mac) {
    assert.equal(await pairMac(decodeExactly(token, 16), parts), mac);
  }
  for (const { token, mac, ...parts } of vectors.paired_mac) {
    assert.equal(await pairedMac(decodeExactly(token, 16), parts), mac);
  }
});

test("pairing links hold what the vectors say, or are none", () => {
  for (const { link, invitation } of vectors.invitation) {
    const { hash } = new URL(link);
    if (invitation === undefined) assert.throws(() => readLink(hash), { code: "bad_link" }, link);
    else assert.deepEqual(readLink(hash), invitation);
  }
});

test("what the action key signs for a door is what the vectors say", () => {
  for (const { text, cid, ...parts } of vectors.open) {
    assert.equal(hex(doorText({ ...parts, cid: cid === "-" ? null : Number(cid) })), text);
  }
});

test("signatures are good where the vectors say so", async () => {
  for (const { key, text, sig, good } of vectors.signature) {
    const { pair } = await testKey(key);
    const isGood = await verify(pair.publicKey, decode(sig), Buffer.from(text));
    assert.equal(isGood, good, sig);
  }
});
