// SPDX-License-Identifier: MIT OR Apache-2.0
// What is new since the page last heard of the station, line by line: about whom, and what.

import { alarm, doorState, pattern, plain, problem, reason, sound, status, switched, tone } from "./words.js";

const by = (key, items) => new Map((items ?? []).map((item) => [item[key], item]));
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function* ofButtons(before, buttons) {
  for (const button of buttons) {
    const last = before.get(button.name);
    if (!last) continue;
    if (button.presses > last.presses) yield [button.label, "Pressed"];
    if (button.ignored > last.ignored) yield [button.label, "Pressed too often; this one did not count"];
  }
}

function* ofCall(before, call) {
  if (!call) return;
  const last = before?.id === call.id ? before : null;
  if (call.status !== last?.status) {
    const why = call.reason && call.reason !== call.status ? `: ${reason(call.reason)}` : "";
    yield ["Call", status(call.status) + why];
  }
  const legs = by("handset", last?.legs);
  for (const leg of call.legs) {
    if (leg.status !== legs.get(leg.handset)?.status) yield [leg.label, status(leg.status)];
  }
  for (const [name, words] of Object.entries(switched)) {
    if (call[name] !== (last?.[name] ?? false)) yield ["Call", words[call[name] ? 0 : 1]];
  }
}

function* ofDoors(before, doors) {
  for (const door of doors) {
    const last = before.get(door.name);
    if (!last) continue;
    if (door.state !== last.state) yield [door.label, doorState(door.state)];
    if (door.contact !== last.contact) yield [door.label, door.contact === "open" ? "Stands open" : "Shut"];
    if (door.alarm !== last.alarm) {
      const words = alarm(door.alarm) || (alarm(last.alarm) && "The alarm is over");
      if (words) yield [door.label, words];
    }
  }
}

function* ofLights(before, lights) {
  for (const light of lights) {
    const last = before.get(light.name);
    if (!last || (light.pattern === last.pattern && light.shows === last.shows)) continue;
    const shows = light.shows === "idle" ? "" : `: ${plain(light.shows)}`;
    yield [`Light ${light.name}`, capital(pattern(light.pattern)) + shows];
  }
}

function* ofSound(before, view) {
  if (view.tone !== before.tone) yield ["Sound", view.tone ? capital(tone(view.tone)) : "Silent"];
  if (view.sounds > before.sounds) yield ["Sound", capital(sound(view.last_sound))];
  if (view.nudges > before.nudges) yield ["Handsets", "Ring once more"];
}

function* ofHandsets(before, handsets) {
  const now = by("id", handsets);
  for (const [id, handset] of now) if (!before.has(id)) yield [handset.label, "Paired"];
  for (const [id, handset] of before) if (!now.has(id)) yield [handset.label, "Removed"];
}

function* ofStation(before, view) {
  if (view.do_not_disturb !== before.do_not_disturb) {
    yield ["Station", view.do_not_disturb ? "Do not disturb is on" : "Do not disturb is off"];
  }
  if (view.tampered !== before.tampered) {
    yield ["Station", view.tampered ? "The case was opened" : "The case counts as shut again"];
  }
  for (const word of view.problems) if (!before.problems.includes(word)) yield ["Station", problem(word)];
}

/** Two views of the station, the earlier one first. */
export function* news(before, view) {
  yield* ofButtons(by("name", before.buttons), view.buttons);
  yield* ofCall(before.call, view.call);
  yield* ofDoors(by("name", before.doors), view.doors);
  yield* ofLights(by("name", before.lights), view.lights);
  yield* ofSound(before, view);
  yield* ofHandsets(by("id", before.handsets), view.handsets);
  yield* ofStation(before, view);
}
