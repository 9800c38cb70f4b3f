// SPDX-License-Identifier: MIT OR Apache-2.0
// Time as the other modules know it; tests have one of their own.

export const clock = {
  now: () => performance.now(),

  /** Returns what calls it off. */
  after(milliseconds, act) {
    const timer = setTimeout(act, Math.max(0, milliseconds));
    return () => clearTimeout(timer);
  },
};
