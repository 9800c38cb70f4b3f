// SPDX-License-Identifier: MIT OR Apache-2.0
// What the demo's panel page writes into its log.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { news } from "../../../src/demo/page/web/news.js";

const QUIET = {
  call: null,
  doors: [{ name: "front", label: "Front door", state: "closed", contact: "closed", alarm: "normal" }],
  buttons: [{ name: "bell", label: "Bell", presses: 0, ignored: 0 }],
  lights: [{ name: "call", pattern: "off", shows: "idle" }],
  handsets: [{ id: "hall", label: "Phone in the hall" }],
  tone: null,
  last_sound: null,
  sounds: 0,
  nudges: 0,
  do_not_disturb: false,
  tampered: false,
  problems: [],
};

const CALL = {
  id: 7, status: "ringing", reason: null, muted: false, held: false, monitor: false,
  legs: [{ handset: "hall", label: "Phone in the hall", status: "ringing" }],
};

const told = (before, after) => [...news({ ...QUIET, ...before }, { ...QUIET, ...after })].map((line) => line.join(": "));

test("what did not change is not told", () => {
  assert.deepEqual(told({}, {}), []);
  assert.deepEqual(told({ call: CALL }, { call: CALL }), []);
});

test("a press that counts and one that does not are told apart", () => {
  const [bell] = QUIET.buttons;
  assert.deepEqual(told({}, { buttons: [{ ...bell, presses: 1 }] }), ["Bell: Pressed"]);
  assert.deepEqual(told({}, { buttons: [{ ...bell, ignored: 1 }] }), ["Bell: Pressed too often; this one did not count"]);
});

test("a call is told by its own status and everybody's part in it", () => {
  assert.deepEqual(told({}, { call: CALL }), ["Call: Ringing", "Phone in the hall: Ringing"]);
  const muted = { ...CALL, muted: true };
  assert.deepEqual(told({ call: CALL }, { call: muted }), ["Call: The visitor is muted"]);
  assert.deepEqual(told({ call: muted }, { call: CALL }), ["Call: The visitor is heard again"]);
  const failed = { ...CALL, status: "failed", reason: "no_handset", legs: [] };
  assert.deepEqual(told({ call: CALL }, { call: failed }), ["Call: The call failed: nobody is paired who may answer"]);
  const next = { ...CALL, id: 8 };
  assert.deepEqual(told({ call: CALL }, { call: next }), ["Call: Ringing", "Phone in the hall: Ringing"]);
});

test("a door is told by what it does, where it stands and what is wrong with it", () => {
  const [door] = QUIET.doors;
  const open = { ...door, state: "open", contact: "open", alarm: "open_too_long" };
  assert.deepEqual(told({}, { doors: [open] }), ["Front door: Unlocked", "Front door: Stands open", "Front door: Open for too long"]);
  const shut = ["Front door: Bolted", "Front door: Shut", "Front door: The alarm is over"];
  assert.deepEqual(told({ doors: [open] }, {}), shut);
});

test("lights, sounds, handsets and the station have their lines", () => {
  const after = {
    lights: [{ name: "call", pattern: "blink", shows: "ringing" }],
    handsets: [{ id: "h1", label: "Kitchen" }],
    tone: "ring",
    last_sound: "door_open",
    sounds: 1,
    nudges: 1,
    do_not_disturb: true,
    tampered: true,
    problems: ["storage"],
  };
  assert.deepEqual(told({}, after), [
    "Light call: Blinks: ringing",
    "Sound: Rings",
    "Sound: The door can be opened",
    "Handsets: Ring once more",
    "Kitchen: Paired",
    "Phone in the hall: Removed",
    "Station: Do not disturb is on",
    "Station: The case was opened",
    "Station: Nothing can be kept on the disk",
  ]);
});

test("no word of the station is written as it is", () => {
  const source = readFileSync(new URL("../../../src/core/status.rs", import.meta.url), "utf8");
  const words = (name) => {
    const [, body] = new RegExp(`pub enum ${name} \\{([^}]*)\\}`).exec(source);
    return [...body.matchAll(/= "([a-z_]+)"/g)].map(([, word]) => word);
  };
  const lines = [
    ...words("Status").map((status) => ({ call: { ...CALL, status, legs: [] } })),
    ...words("DoorState").map((state) => ({ doors: [{ ...QUIET.doors[0], state }] })),
    ...words("DoorAlarm").map((alarm) => ({ doors: [{ ...QUIET.doors[0], alarm }] })),
    ...words("Pattern").map((pattern) => ({ lights: [{ ...QUIET.lights[0], pattern }] })),
    ...words("Problem").map((problem) => ({ problems: [problem] })),
    ...words("Tone").map((tone) => ({ tone })),
    ...words("Sound").map((last_sound) => ({ last_sound, sounds: 1 })),
  ].flatMap((after) => told({}, after));
  assert.ok(lines.length > 20);
  for (const line of lines) assert.doesNotMatch(line, /_|: [a-z]+$/, line);
});
