// SPDX-License-Identifier: MIT OR Apache-2.0
// A finger on a button: it is down for as long as the pointer or the key is.

/** What assistive technology calls a click has no duration. */
const SHORT_PRESS_MS = 150;

const lifts = new Set();

/** Calls `move(true)` and `move(false)` in turn. */
export function finger(button, move) {
  let down = false;
  const set = (to) => {
    if (down === to) return;
    down = to;
    move(to);
  };
  const lift = () => set(false);
  lifts.add(lift);
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
    button.addEventListener(name, lift);
  }
  const presses = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("keydown", (event) => {
    if (!presses(event)) return;
    event.preventDefault();
    set(true);
  });
  button.addEventListener("keyup", (event) => {
    if (presses(event)) lift();
  });
  button.addEventListener("click", (event) => {
    // A pointer or a key was told above already.
    if (event.detail !== 0 || down) return;
    set(true);
    setTimeout(lift, SHORT_PRESS_MS);
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** Nobody holds a button of a page that is not looked at. */
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const lift of lifts) lift();
});
