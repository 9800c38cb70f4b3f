// SPDX-License-Identifier: MIT OR Apache-2.0
// The answer to `hello`, from which the context follows.

import { decode, encode } from "./base64url.js";
import { Context } from "./context.js";
import { Refusal } from "./envelope.js";
import { fault } from "./messages.js";
import { contextName } from "./proofs.js";

/**
 * The context that an opened message begins, or null for an `error` instead. The pin in it is not
 * compared: a page cannot see the key of its own connection.
 */
export async function readGreeting(message, { mid, nonce }, now) {
  const isWelcome = message.t === "hello_ok" && message.sx !== "" && message.seq === 1;
  const isDenial = message.t === "error" && message.sx === "" && message.seq === 0;
  if (message.re !== mid || !(isWelcome || isDenial)) throw new Refusal("stale");
  const broken = fault(message);
  if (broken !== null) throw new Refusal(broken);
  if (isDenial) return null;
  if (message.b.n_h !== encode(nonce)) throw new Refusal("stale");
  const context = new Context(await contextName(nonce, decode(message.b.n_d)));
  if (context.received(message, now) !== "new") throw new Refusal("stale");
  return context;
}
