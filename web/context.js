// SPDX-License-Identifier: MIT OR Apache-2.0
// One context between two nonces: numbers what is sent, repeats it until it is acknowledged, and
// knows what was received already. Time comes in as milliseconds.

const WINDOW = 64;
const REPEATS_AFTER = [1000, 2000, 4000];
export const GIVEN_UP_AFTER = 10_000;
export const ACKNOWLEDGES_WITHIN = 500;

export class Context {
  #lastSent = 0;
  #unacknowledged = [];
  #complete = 0;
  #early = new Set();
  #acknowledgeBy = null;

  constructor(sx) {
    this.sx = sx;
  }

  /** The numbers of the next message: that of an `ack` is no number of its own. */
  numbers(t) {
    // Here and not when it has been signed: what comes meanwhile is not acknowledged by it.
    this.#acknowledgeBy = null;
    if (t === "ack") return { sx: this.sx, seq: 0, ack: this.#complete };
    this.#lastSent += 1;
    return { sx: this.sx, seq: this.#lastSent, ack: this.#complete };
  }

  sent(seq, frame, now) {
    if (seq === 0) return;
    this.#unacknowledged.push({ seq, frame, since: now, repeats: 0, next: now + REPEATS_AFTER[0] });
  }

  acknowledged(ack) {
    this.#unacknowledged = this.#unacknowledged.filter(({ seq }) => seq > ack);
  }

  /** `new`, `seen` (already: acknowledge it again) or `stale`. */
  received({ sx, seq, t }, now) {
    if (sx !== this.sx) return "stale";
    if (seq === 0) return t === "ack" ? "new" : "stale";
    if (t === "ack" || seq > this.#complete + WINDOW) return "stale";
    this.#acknowledgeBy ??= now + ACKNOWLEDGES_WITHIN;
    if (seq <= this.#complete || this.#early.has(seq)) return "seen";
    this.#early.add(seq);
    while (this.#early.delete(this.#complete + 1)) this.#complete += 1;
    return "new";
  }

  owesAcknowledgement(now) {
    return this.#acknowledgeBy !== null && this.#acknowledgeBy <= now;
  }

  /** Byte for byte as they were sent. */
  repeats(now) {
    return this.#unacknowledged.filter(({ next }) => next <= now).map((message) => {
      message.repeats += 1;
      message.next = now + (REPEATS_AFTER[message.repeats] ?? REPEATS_AFTER.at(-1));
      return message.frame;
    });
  }

  isGivenUp(now) {
    return this.#unacknowledged.some(({ since }) => since + GIVEN_UP_AFTER <= now);
  }

  /** When something is to be done next, or null. */
  due() {
    const moments = this.#unacknowledged.map(({ next, since }) => (
      Math.min(next, since + GIVEN_UP_AFTER)
    ));
    if (this.#acknowledgeBy !== null) moments.push(this.#acknowledgeBy);
    return moments.length === 0 ? null : Math.min(...moments);
  }
}
