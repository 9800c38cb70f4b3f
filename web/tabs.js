// SPDX-License-Identifier: MIT OR Apache-2.0
// A station takes one connection of each handset, so only one tab may have it. The others wait
// until it is closed, or take it away.

const NAME = "handset";

/** `on` has `mine()` and `lost()`: whether this tab has it, as often as that changes. */
export class Tab {
  #waiting = new AbortController();

  constructor(on) {
    this.on = on;
  }

  claim() {
    // Without locks there is no telling, and one tab is what nearly everybody has.
    if (navigator.locks === undefined) this.on.mine();
    else this.#request({ ifAvailable: true });
  }

  steal() {
    this.#waiting.abort();
    this.#request({ steal: true });
  }

  #wait() {
    this.on.lost();
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  #request(options) {
    let isHeld = false;
    const hold = (lock) => {
      if (lock === null) return this.#wait();
      isHeld = true;
      this.on.mine();
      return new Promise(() => {});
    };
    // Ends only when it is taken away, or when this tab takes it instead of waiting for it.
    navigator.locks.request(NAME, options, hold).catch(() => {
      if (isHeld) this.#wait();
    });
  }
}
