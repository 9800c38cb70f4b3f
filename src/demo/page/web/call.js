// SPDX-License-Identifier: MIT OR Apache-2.0
// The call and everybody's part in it.

import { clock, element, gate, keyed, reason, status } from "./words.js";

const OVER = new Set(["ended", "busy", "rejected", "cancelled", "unanswered", "missed", "elsewhere", "failed"]);

export const isOver = (call) => OVER.has(call.status);

function kind(word) {
  if (word === "ongoing") return "good";
  if (word === "failed") return "bad";
  return OVER.has(word) ? "" : "busy";
}

export function badge(word) {
  return element("span", { class: "badge", "data-kind": kind(word) }, status(word));
}

function headline(call) {
  if (call.direction === "incoming" && call.status === "ringing") return "A handset calls";
  if (call.status === "ongoing" && call.answered_by) return `Talking with ${call.answered_by}`;
  return status(call.status);
}

function detail(call, age) {
  const words = [];
  if (call.contact) words.push(`to ${call.contact}`);
  if (call.reason && call.reason !== call.status) words.push(reason(call.reason));
  if (call.rings_ms !== null) words.push(`for another ${clock(call.rings_ms - age)}`);
  if (call.talked_ms !== null) words.push(clock(call.talked_ms + (isOver(call) ? 0 : age)));
  if (call.muted) words.push("the visitor is muted");
  if (call.held) words.push("on hold");
  if (call.monitor) words.push("a handset listens in");
  return words.join(", ");
}

export function makeCall() {
  const card = document.querySelector("#call");
  const unit = document.querySelector(".street");
  const big = document.querySelector("#call-status");
  const small = document.querySelector("#call-detail");
  const legs = document.querySelector("#legs");
  const spoken = document.querySelector("#spoken");
  let call = null;
  let since = 0;

  const make = () => element("li", {}, element("span"), element("span", { class: "tools" }));

  function showLeg(row, leg) {
    row.dataset.leg = leg.handset;
    row.dataset.status = leg.status;
    row.dataset.media = leg.media;
    row.firstChild.textContent = leg.label;
    const talks = leg.status === "ongoing" && gate(leg.gate);
    const sound = talks ? element("span", { class: "badge" }, talks) : null;
    const lost = leg.media === "lost" ? element("span", { class: "badge", "data-kind": "bad" }, "connection lost") : null;
    row.lastChild.replaceChildren(...[sound, lost, badge(leg.status)].filter(Boolean));
  }

  const tick = () => {
    if (call) small.textContent = detail(call, performance.now() - since);
  };
  setInterval(tick, 1000);

  return {
    state(view) {
      call = view.call;
      since = performance.now();
      card.dataset.call = call?.status ?? "none";
      card.dataset.reason = call?.reason ?? "";
      unit.dataset.call = call?.status ?? "none";
      const words = call ? headline(call) : "No call";
      if (big.textContent !== words) {
        big.textContent = words;
        spoken.textContent = call?.reason && call.reason !== call.status ? `${words}: ${reason(call.reason)}` : words;
      }
      small.textContent = call ? "" : "Press the bell to make one.";
      tick();
      keyed(legs, call?.legs ?? [], (leg) => leg.handset, make, showLeg);
    },
  };
}
