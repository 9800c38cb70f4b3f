// SPDX-License-Identifier: MIT OR Apache-2.0
// How loud it is at the door, as the media worker hears it.

const SILENCE_DB = -60;

export function makeMeters() {
  const show = (meter, db) => {
    const level = Math.min(0, Math.max(SILENCE_DB, db ?? SILENCE_DB));
    meter.setAttribute("aria-valuenow", level);
    meter.setAttribute("aria-valuetext", db === null ? "silence" : `${level} decibels`);
    meter.firstElementChild.style.clipPath = `inset(0 ${(100 * level) / SILENCE_DB}% 0 0)`;
  };
  const heard = document.querySelector("#heard");
  const said = document.querySelector("#said");
  return {
    level({ heard_db, said_db }) {
      show(heard, heard_db);
      show(said, said_db);
    },
  };
}
