// SPDX-License-Identifier: MIT OR Apache-2.0
// What happened, line by line, and what could not be done.

import { element } from "./words.js";

const KEPT = 300;
/** A link that works once has its own place on the page. */
const discreet = (about, rest) => (about === "pairing" && rest !== "closed" ? "open" : rest);
const SHOWN_MS = 5000;

export function makeLog() {
  const log = document.querySelector("#log");
  const refused = document.querySelector("#refused");
  let timer;
  return {
    story({ line }) {
      const at = new Date();
      const [, about, rest] = /^(\S+)\s+(.*)$/.exec(line) ?? [null, "", line];
      const time = element("time", { datetime: at.toISOString() }, at.toTimeString().slice(0, 8));
      const follows = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
      log.append(element("li", {}, time, element("b", {}, about), element("span", {}, discreet(about, rest))));
      while (log.childElementCount > KEPT) log.firstElementChild.remove();
      if (follows) log.scrollTop = log.scrollHeight;
    },
    refused({ why }) {
      clearTimeout(timer);
      refused.textContent = `Not done: ${why}.`;
      timer = setTimeout(() => (refused.textContent = ""), SHOWN_MS);
    },
  };
}
