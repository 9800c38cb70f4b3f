// SPDX-License-Identifier: MIT OR Apache-2.0
// The wire vectors and the keys in them, which everybody knows.
import "./webcrypto.mjs";
import { readFileSync } from "node:fs";

import { importPublicKey } from "../../../web/keys.js";

const folder = new URL("../../vectors/", import.meta.url);

export function read(name) {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8"));
}

const { keys } = read("keys.json");
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

/** As `generateKey` of the page makes them. */
export async function testKey(name) {
  const { jwk, d, thumbprint } = keys[name];
  const privateKey = await crypto.subtle.importKey("jwk", { ...jwk, d }, CURVE, false, ["sign"]);
  return { pair: { privateKey, publicKey: await importPublicKey(jwk) }, jwk, thumbprint };
}
