// SPDX-License-Identifier: MIT OR Apache-2.0
// The doors: what the relay does, and whether they stand open.

import { finger } from "./fingers.js";
import { alarm, doorState, element, keyed } from "./words.js";

export function makeDoors(tell) {
  const doors = document.querySelector("#doors");

  function make(door) {
    const made = element("div", { class: "doorway", role: "group", "aria-label": door.label, "data-door": door.name });
    const pull = element("button", { type: "button", "data-does": "pull" });
    pull.addEventListener("click", () => {
      tell({ t: "move", input: `doors.${door.name}.contact`, active: made.dataset.contact !== "open" });
    });
    const exit = element("button", { type: "button", "data-does": "exit" }, "Exit button inside");
    finger(exit, (active) => {
      exit.setAttribute("aria-pressed", active);
      tell({ t: "move", input: `doors.${door.name}.exit_button`, active });
    });
    const lock = element("button", { type: "button", "data-does": "lock" });
    lock.addEventListener("click", () => {
      tell({ t: made.dataset.state === "locked" ? "unlock" : "lock", door: door.name });
    });
    pull.hidden = !door.has_contact;
    exit.hidden = !door.has_exit_button;
    const leaf = element("div", { class: "leaf" }, element("span", { class: "handle" }));
    made.append(
      element("div", { class: "frame", "aria-hidden": "true" }, leaf, element("div", { class: "strike" })),
      element(
        "div",
        { class: "plate" },
        element("p", {}, element("b", {}, door.label), element("span", { class: "door-state" })),
        element("p", { class: "alarm", role: "status" }),
        element("div", { class: "tools" }, pull, exit, lock),
      ),
    );
    return made;
  }

  function show(made, door) {
    made.dataset.state = door.state;
    made.dataset.contact = door.contact;
    made.dataset.alarm = door.alarm;
    const open = door.contact === "open";
    const stands = door.has_contact ? (open ? ", stands open" : ", shut") : "";
    made.querySelector(".door-state").textContent = doorState(door.state) + stands;
    made.querySelector(".alarm").textContent = alarm(door.alarm);
    made.querySelector("[data-does=pull]").textContent = open ? "Shut the door" : "Pull it open";
    made.querySelector("[data-does=lock]").textContent = door.state === "locked" ? "End lock-down" : "Lock down";
  }

  return {
    state(view) {
      keyed(doors, view.doors, (door) => door.name, make, show);
    },
    lines({ relays }) {
      for (const door of doors.children) door.dataset.relay = relays[door.dataset.key] ?? false;
    },
  };
}
