// SPDX-License-Identifier: MIT OR Apache-2.0
// From a clone to a conversation: what to do next, and the link that makes a browser a handset.

import { clock, element } from "./words.js";

const isReal = (view, id) => view.handsets.some((handset) => handset.id === id && !handset.simulated);
const talks = (view) => view.call?.legs.some((leg) => leg.status === "ongoing" && isReal(view, leg.handset)) ?? false;

const STEPS = [
  ["Make this browser a handset", (view) => view.handsets.some((handset) => !handset.simulated)],
  ["Press the bell", (view) => view.call !== null],
  ["Answer in the handset's tab", talks],
  ["Open the door from there", (view) => talks(view) && view.doors.some((door) => door.state === "open")],
];

/** What was done stays done when the page is loaded again, but not when the station is another one. */
const KEPT = "steps";

function doneBefore(run) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  return new Set(kept?.run === run ? kept.done : []);
}

export function makeSteps() {
  const list = document.querySelector("#steps");
  const steps = STEPS.map(([words]) => element("li", {}, element("span", {}, words)));
  list.append(...steps);
  return {
    state(view) {
      const done = doneBefore(view.run);
      STEPS.forEach(([, isDone], place) => {
        if (isDone(view)) done.add(place);
      });
      sessionStorage.setItem(KEPT, JSON.stringify({ run: view.run, done: [...done] }));
      const next = steps.findIndex((_, place) => !done.has(place));
      steps.forEach((step, place) => {
        step.toggleAttribute("data-done", done.has(place));
        step.toggleAttribute("data-now", place === next);
      });
    },
  };
}

/** Only what a browser can open is a link. */
const opens = (link) => /^https?:\/\//.test(link);

export function makePairing(tell) {
  const place = document.querySelector("#pairing");
  let timer;

  function closed() {
    place.dataset.pairing = "closed";
    place.replaceChildren(
      element("button", { type: "button", class: "main", onclick: () => tell({ t: "open_pairing" }) }, "Pair a handset"),
      element("p", { class: "soft" }, "Makes a link that works once, for five minutes."),
    );
  }

  function open({ link, qr, lasts_ms }) {
    place.dataset.pairing = "open";
    const until = performance.now() + (lasts_ms ?? 0);
    const left = element("p", { class: "soft" });
    const tick = () => {
      left.textContent = `Works once, for another ${clock(until - performance.now())}. A second handset needs another browser or a private window.`;
    };
    tick();
    timer = setInterval(tick, 1000);
    const way = opens(link)
      ? element("a", { class: "button", href: link, target: "_blank", rel: "noopener" }, "Open the handset page ↗")
      : element("code", {}, link);
    const close = element("button", { type: "button", onclick: () => tell({ t: "close_pairing" }) }, "Close");
    place.replaceChildren(element("div", { class: "tools" }, way, close), left);
    if (qr) {
      const code = element("img", { alt: "QR code of the pairing link", src: `data:image/svg+xml,${encodeURIComponent(qr)}` });
      place.append(element("details", {}, element("summary", {}, "QR code"), code));
    }
  }

  return {
    pairing(told) {
      clearInterval(timer);
      if (told.link) open(told);
      else closed();
    },
  };
}
