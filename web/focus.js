// SPDX-License-Identifier: MIT OR Apache-2.0
// Where the keyboard is. What it was on goes away as a call goes on, and the next thing to press
// is a different one.

import { element } from "./elements.js";

/** A key that was on its way when something else came under it is not meant for that. */
const KEYS_COUNT_AFTER = 600;

const firstDoor = () => document.querySelector("#door-list button");
const isShown = (target) => target.getClientRects().length > 0;

/** The first of them that is there is the next to press. */
const NEXT = {
  none: () => [element("dial"), element("listen"), element("forget"), firstDoor(), element("settings-open")],
  ringing: () => [element("call-title")],
  leaving: () => [element("call-title")],
};
const IN_CALL = () => [element("hangup")];

export class Focus {
  #movedAt = -Infinity;

  constructor(clock) {
    this.clock = clock;
  }

  /** Does `render`, after which a call has this phase or is `none`. */
  over(render, phase) {
    const before = document.activeElement ?? document.body;
    render();
    const isWaiting = before === element("call-title") && phase !== "ringing" && phase !== "leaving";
    if (before !== document.body && (isWaiting || !isShown(before))) this.move(phase);
  }

  move(phase) {
    const next = (NEXT[phase] ?? IN_CALL)().find((target) => target !== null && isShown(target) && !target.disabled);
    if (next === undefined) return;
    next.focus({ preventScroll: next === element("call-title") });
    this.#movedAt = this.clock.now();
  }

  /** Whether a key went down for what is there now, once. */
  isMeant(event) {
    return !event.repeat && this.clock.now() - this.#movedAt > KEYS_COUNT_AFTER;
  }
}
