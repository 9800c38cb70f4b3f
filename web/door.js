// SPDX-License-Identifier: MIT OR Apache-2.0
// Opening a door: ask for a challenge, sign it with the key that does nothing else.

import { doorSignature } from "./proofs.js";

const FORGOTTEN_AFTER = 6_000;

/**
 * What each door is doing for this handset: `asking`, `opened`, or `refused` with its code.
 * `request(t, b)` asks the station, `changed(progress)` is told of a Map from names to progress.
 */
export class Doors {
  #progress = new Map();

  constructor({ request, handset, action, station, clock, changed }) {
    Object.assign(this, { request, handset, action, station, clock, changed });
  }

  /** `cid` is that of the present call, or null. */
  async open(door, cid) {
    if (this.#progress.get(door)?.word === "asking") return;
    this.#set(door, { word: "asking" });
    try {
      const { b: { nonce } } = await this.request("challenge", { door });
      const { station, handset } = this;
      const sig = await doorSignature(this.action.pair.privateKey, {
        station: station.thumbprint, handset: handset.thumbprint, door, cid, nonce,
      });
      await this.request("action", { door, nonce, sig });
      this.#set(door, { word: "opened" });
    } catch (refused) {
      this.#set(door, { word: "refused", code: refused.code ?? "failed", retryMs: refused.retryMs });
    }
  }

  #set(door, progress) {
    this.#progress.set(door, progress);
    this.changed(this.#progress);
    if (progress.word === "asking") return;
    this.clock.after(FORGOTTEN_AFTER, () => {
      if (this.#progress.get(door) !== progress) return;
      this.#progress.delete(door);
      this.changed(this.#progress);
    });
  }
}
