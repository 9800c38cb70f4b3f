// SPDX-License-Identifier: MIT OR Apache-2.0
// The station on the wall: its lights, its buttons, its case.

import { finger } from "./fingers.js";
import { element, keyed, pattern, plain } from "./words.js";

export function makeUnit(tell) {
  const lights = document.querySelector("#lights");
  const buttons = document.querySelector("#buttons");
  const lid = document.querySelector("#lid");
  lid.addEventListener("click", () => {
    tell({ t: "move", input: "tamper", active: lid.getAttribute("aria-pressed") !== "true" });
  });

  function showLight(lamp, light) {
    lamp.dataset.pattern = light.pattern;
    lamp.dataset.shows = light.shows;
    const shows = light.shows === "idle" ? "" : ` (${plain(light.shows)})`;
    lamp.querySelector("small").textContent = pattern(light.pattern) + shows;
  }

  function makeLight(light) {
    return element("li", { "data-light": light.name }, element("i"), element("span", {}, light.name), element("small"));
  }

  function makeButton(button) {
    const made = element("button", { type: "button", class: "push", "data-button": button.name }, element("i"), element("span"));
    finger(made, (active) => tell({ t: "move", input: `buttons.${button.name}`, active }));
    return made;
  }

  function showButton(made, button) {
    made.setAttribute("aria-pressed", button.down);
    made.lastChild.textContent = button.label;
  }

  return {
    state(view) {
      keyed(lights, view.lights, (light) => light.name, makeLight, showLight);
      keyed(buttons, view.buttons, (button) => button.name, makeButton, showButton);
      lid.hidden = view.case_open === null;
      lid.setAttribute("aria-pressed", view.case_open === true);
      lid.textContent = view.case_open ? "Close the case" : "Open the case";
    },
    lines({ lit }) {
      for (const lamp of lights.children) lamp.dataset.lit = lit[lamp.dataset.key] ?? false;
    },
  };
}
