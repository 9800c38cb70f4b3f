// SPDX-License-Identifier: MIT OR Apache-2.0
// What happened, line by line, and what could not be done.

import { news } from "./news.js";
import { element } from "./words.js";

const KEPT = 300;
const SHOWN_MS = 5000;

export function makeLog() {
  const log = document.querySelector("#log");
  const refused = document.querySelector("#refused");
  let timer;
  let last = null;
  let invites = false;

  function write(about, what) {
    const at = new Date();
    const time = element("time", { datetime: at.toISOString() }, at.toTimeString().slice(0, 8));
    const follows = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.append(element("li", {}, time, element("b", {}, about), element("span", {}, what)));
    while (log.childElementCount > KEPT) log.firstElementChild.remove();
    if (follows) log.scrollTop = log.scrollHeight;
  }

  function notDone(why) {
    clearTimeout(timer);
    refused.textContent = `Not done: ${why}.`;
    timer = setTimeout(() => (refused.textContent = ""), SHOWN_MS);
  }

  return {
    state(view) {
      if (last) for (const [about, what] of news(last, view)) write(about, what);
      for (const { name, label, ignored } of view.buttons) {
        const before = last?.buttons.find((button) => button.name === name);
        if (ignored > before?.ignored) notDone(`${label} was pressed too often. Wait a little`);
      }
      last = view;
    },
    pairing({ link }) {
      if (Boolean(link) !== invites) write("Pairing", link ? "Open for one handset" : "Closed");
      invites = Boolean(link);
    },
    refused: ({ why }) => notDone(why),
  };
}
