// SPDX-License-Identifier: MIT OR Apache-2.0
// The station itself: what it plays, how loud, whether it may disturb, what ails it.

import { element, problem, sound, tone } from "./words.js";

export function makeStation(tell) {
  const facts = document.querySelector("#facts");
  const volume = document.querySelector("#volume");
  const dnd = document.querySelector("#dnd");
  volume.addEventListener("change", () => tell({ t: "volume", percent: Number(volume.value) }));
  dnd.addEventListener("change", () => tell({ t: "do_not_disturb", on: dnd.checked }));
  document.querySelector("#crash").addEventListener("click", () => tell({ t: "crash_worker" }));

  return {
    state(view) {
      document.querySelector("#name").textContent = view.name;
      document.title = `${view.name}: panel`;
      const told = [
        ["Plays", view.tone ? tone(view.tone) : "nothing"],
        ["Last sound", view.last_sound ? sound(view.last_sound) : "none yet"],
        ["Sound device", view.audio_available ? "there" : "missing"],
      ];
      if (view.quiet && !view.do_not_disturb) told.push(["Quiet hours", "now"]);
      if (view.tampered) told.push(["Case", "was opened"]);
      if (view.problems.length) told.push(["Problems", view.problems.map(problem).join(". ")]);
      facts.replaceChildren(...told.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
      if (document.activeElement !== volume) volume.value = view.volume;
      dnd.checked = view.do_not_disturb;
    },
  };
}
