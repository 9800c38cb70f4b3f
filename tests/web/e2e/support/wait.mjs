// SPDX-License-Identifier: MIT OR Apache-2.0
// Nothing here sleeps: everything waits for something, with a generous deadline.

import { setTimeout as pause } from "node:timers/promises";

export const PATIENCE_MS = 20_000;

/** What `look` returns, once that is neither undefined nor null nor false. */
export async function until(what, look, within = PATIENCE_MS) {
  const deadline = performance.now() + within;
  let seen;
  while (performance.now() < deadline) {
    seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    await pause(20);
  }
  throw new Error(`never: ${what}`);
}
