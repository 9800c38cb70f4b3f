// SPDX-License-Identifier: MIT OR Apache-2.0
// A phone that switches its screen off in the middle of a call stops the page, and the call with it.

export class Screen {
  #lock = null;
  #isWanted = false;

  keepOn(isWanted) {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    if (isWanted) this.#request();
    else this.#release();
  }

  /** Whoever looks elsewhere gives it up, and has to ask again. */
  shown() {
    if (this.#isWanted) this.#request();
  }

  async #request() {
    try {
      const lock = await navigator.wakeLock?.request("screen");
      this.#release();
      this.#lock = lock ?? null;
    } catch {
      // An empty battery is reason enough to refuse.
    }
    if (!this.#isWanted) this.#release();
  }

  #release() {
    this.#lock?.release();
    this.#lock = null;
  }
}
