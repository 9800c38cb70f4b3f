// SPDX-License-Identifier: MIT OR Apache-2.0
// The list of doors. Items stay the same elements, so that a door keeps the focus while it opens.

import { element, make, mark, show, write } from "./elements.js";
import * as words from "./words.js";

export function renderDoors(doors, progress, isConnected) {
  const list = element("door-list");
  show(element("doors"), doors.length > 0);
  const items = new Map([...list.children].map((item) => [item.dataset.door, item]));
  const wanted = doors.map((door) => items.get(door.name) ?? makeItem(door.name));
  if (wanted.length !== list.children.length || wanted.some((item, at) => list.children[at] !== item)) {
    list.replaceChildren(...wanted);
  }
  doors.forEach((door, at) => renderItem(wanted[at], door, progress.get(door.name), isConnected));
}

function makeItem(name) {
  const text = make("div", {}, [
    make("span", { className: "name" }),
    make("span", { className: "state" }),
  ]);
  text.querySelector(".state").setAttribute("role", "status");
  const item = make("li", {}, [text, make("button", { type: "button", textContent: "Open" })]);
  item.dataset.door = name;
  return item;
}

function renderItem(item, door, progress, isConnected) {
  const known = isConnected ? door : { state: "unknown", contact: "unknown", alarm: "normal" };
  const isOpen = known.contact === "open" || known.state === "open" || known.state === "held";
  mark(item, "state", known.state);
  mark(item, "contact", known.contact);
  mark(item, "alarm", known.alarm);
  mark(item, "progress", progress?.word ?? "none");
  mark(item, "open", isOpen && progress?.word !== "refused");
  mark(item, "refused", progress?.word === "refused");
  write(item.querySelector(".name"), door.label);
  write(item.querySelector(".state"), words.door(door, progress, isConnected));
  const button = item.querySelector("button");
  button.setAttribute("aria-label", `Open ${door.label}`);
  // Not `disabled` while it is asked: that would throw the focus away.
  button.setAttribute("aria-busy", String(progress?.word === "asking"));
  button.disabled = !isConnected && progress?.word !== "asking";
}
