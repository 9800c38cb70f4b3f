// SPDX-License-Identifier: MIT OR Apache-2.0
// Time that passes when a test says so.
import { settled } from "./webcrypto.mjs";

export class VirtualClock {
  #now = 0;
  #timers = new Set();

  now() {
    return this.#now;
  }

  after(milliseconds, act) {
    const timer = { at: this.#now + Math.max(0, milliseconds), act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets that much time pass, and all that is due in it happen in order. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = next.at;
      next.act();
      await settled();
    }
    this.#now = end;
  }

  #next(end) {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
