// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  READY, callText, callTitle, callWarning, door, duration, ending, idleText, idleTitle, link, permission,
} from "../../../web/words.js";
import { pairingFault, refusal, sessionFault } from "../../../web/refusals.js";

const source = readFileSync(new URL("../../../src/core/status.rs", import.meta.url), "utf8");

/** The words of an enum in the core, where all words are at home. */
function wordsOf(name) {
  const [, body] = new RegExp(`pub enum ${name} \\{([^}]*)\\}`).exec(source);
  return [...body.matchAll(/= "([a-z_]+)"/g)].map(([, word]) => word);
}

const protocol = readFileSync(new URL("../../../src/link/PROTOCOL.md", import.meta.url), "utf8");

/** The words in backquotes of one stretch of the specification, but for what it says in brackets. */
function protocolWords(from, to) {
  const [stretch] = protocol.split(from)[1].split(to);
  return [...stretch.replaceAll(/\([^)]*\)/g, "").matchAll(/`([a-z_]+)`/g)].map(([, word]) => word);
}

const entry = (more) => ({
  cid: 7, contact: null, direction: "outgoing", monitor: false, lasted: null, answeredBy: null, ...more,
});

test("every reason for which a call can fail is told in words", () => {
  const statuses = wordsOf("Status");
  const ownWords = ["answered_at_door", "do_not_disturb", "max_duration"];
  const reasons = wordsOf("Reason").filter((word) => !statuses.includes(word) && !ownWords.includes(word));
  assert.ok(reasons.length > 10);
  for (const reason of reasons) {
    assert.doesNotMatch(ending(entry({ status: "failed", reason })), /nobody knows/, reason);
  }
  assert.match(ending(entry({ status: "failed", reason: "newer_than_this_page" })), /nobody knows/);
});

test("the specification lists the words of the core", () => {
  const listed = (member) => new Set(protocolWords(`\n| ${member} | string |`, "|\n"));
  assert.deepEqual(listed("`status`"), new Set(wordsOf("Status")));
  const reasons = new Set([...listed("`status`"), ...listed("`reason` of `ended`")]);
  assert.deepEqual(wordsOf("Reason").filter((word) => !reasons.has(word)), []);
  assert.deepEqual([...listed("`reason` of `ended`")].filter((word) => !wordsOf("Reason").includes(word)), []);
});

test("every code of the protocol is told in words, whatever was asked", () => {
  const envelope = protocol.slice(protocol.indexOf("\n## 2."), protocol.indexOf("\n## 3."));
  const checks = [...envelope.matchAll(/^\| \d+ \|.*\| `([a-z_]+)` \|$/gm)].map(([, code]) => code);
  assert.equal(checks.length, 11);
  const others = protocolWords("Error codes besides those of section 2:", "\n\n");
  assert.ok(others.includes("pairing_closed") && others.includes("unavailable"));
  const calm = { state: "closed", contact: "unknown", alarm: "normal", locked: false };
  const asked = [
    (code) => refusal({ about: "dial", code, answeredBy: null }),
    (code) => door(calm, { word: "refused", code }, true),
    pairingFault,
    sessionFault,
  ];
  for (const tell of asked) {
    for (const code of [...checks, ...others]) assert.doesNotMatch(tell(code), /_|\(|undefined/, code);
    assert.match(tell("newer_than_this_page"), /\(newer_than_this_page\)/);
  }
});

test("every reason of this page's own for not being paired is told in words", () => {
  const page = (name) => readFileSync(new URL(`../../../web/${name}.js`, import.meta.url), "utf8");
  const told = /(?:PairingFault\(|give\(|fault: |error\.code : )"([a-z_]+)"/g;
  const codes = [...`${page("pairing")}${page("pairing-page")}`.matchAll(told)].map(([, code]) => code);
  assert.ok(codes.includes("cannot_keep") && codes.includes("bad_label") && codes.length >= 6);
  for (const code of codes) assert.doesNotMatch(pairingFault(code), /_|\(|undefined/, code);
});

test("every reason for which a session cannot be had is told in words", () => {
  const reasons = protocolWords("| `closed` | N | `cid`, `session`, `reason`:", "|");
  assert.ok(reasons.includes("ice_failed") && reasons.includes("untrusted"));
  for (const reason of reasons) assert.doesNotMatch(sessionFault(reason), /_|\(/, reason);
});

test("everything that may be wrong with a microphone is told before a call, in it, and in the settings", () => {
  const fine = { call: { path: { word: "connected" } }, link: { word: "connected" }, wantsMicrophone: true, hasCalls: true };
  for (const word of ["denied", "missing", "in_use", "unplugged", "unsupported"]) {
    assert.match(READY.microphone[word], /microphone/i, word);
    assert.match(callWarning({ ...fine, microphone: word }), /cannot hear you/, word);
    assert.doesNotMatch(permission(word), /_|^(denied|missing|unsupported)$/, word);
  }
});

test("every way in which a call ends is told in words, whoever began it", () => {
  const ends = wordsOf("Status").filter((word) => !["initiated", "ringing", "connecting", "ongoing", "ended"].includes(word));
  for (const status of ends) {
    assert.notEqual(ending(entry({ status, reason: status })), "Over", status);
    assert.notEqual(ending(entry({ status, reason: status, direction: "incoming" })), "Over", status);
  }
  assert.equal(ending(entry({ status: "elsewhere", reason: "answered_at_door" })), "Somebody opened the door");
  assert.equal(ending(entry({ status: "ended", reason: "ended", lasted: 61_000 })), "Talked for 1:01");
  assert.equal(ending(entry({ status: "failed", reason: "station_gone" })), "The station cannot be reached; the call has ended");
});

test("every state of a door is told in words, and one's own request before it", () => {
  const calm = { state: "closed", contact: "unknown", alarm: "normal", locked: false };
  const told = (more, progress) => door({ ...calm, ...more }, progress, true);
  for (const state of wordsOf("DoorState")) assert.match(told({ state }), /./, state);
  for (const contact of wordsOf("DoorContact")) assert.match(told({ contact }), /./, contact);
  const alarms = wordsOf("DoorAlarm").map((alarm) => told({ contact: "open", locked: alarm === "locked_down", alarm }));
  assert.equal(new Set(alarms).size, alarms.length, alarms.join("; "));
  assert.equal(told({}, { word: "asking" }), "Opening…");
  assert.equal(told({ state: "open" }, { word: "opened" }), "Unlocked");
  assert.equal(told({ contact: "open" }, { word: "opened" }), "Open");
  assert.equal(told({ alarm: "forced_open" }, { word: "opened" }), "Forced open!");
  assert.equal(told({ state: "locked", locked: true }, { word: "refused", code: "locked" }), "It is locked and stays shut");
  assert.equal(door({ ...calm, contact: "open" }, undefined, false), "Not known at the moment");
});

test("who is heard is told by one true line, and since when by the other", () => {
  const call = {
    phase: "ongoing", contact: null, monitor: false, isMuted: false, isHeld: false, isHeldByStation: false,
    endsAt: null, talkingSince: 0, path: { word: "connected", reason: null },
  };
  const told = (more, microphone = "granted") => {
    const changed = { ...call, ...more };
    return [callTitle(changed, "Front door", microphone), callText(changed, 61_000)];
  };
  assert.deepEqual(told({}), ["You are talking", "1:01"]);
  assert.deepEqual(told({ isMuted: true }), ["You are muted", "1:01, the visitor does not hear you"]);
  assert.deepEqual(told({ isHeld: true }), ["On hold", "1:01, the visitor does not hear you"]);
  assert.deepEqual(told({ isHeldByStation: true }), ["The station put you on hold", "1:01, the visitor does not hear you"]);
  assert.deepEqual(told({ path: { word: "lost", reason: null } }), ["No sound at the moment", "1:01"]);
  assert.deepEqual(told({ monitor: true }), ["You see and hear the door", "1:01"]);
  assert.deepEqual(told({}, "denied"), ["You hear the visitor", "1:01"]);
  assert.deepEqual(told({ endsAt: 91_000 }), ["You are talking", "1:01, ends in 0:30"]);
});

test("a station that others talk with says so, and who they are if it may", () => {
  const connected = { word: "connected" };
  assert.equal(idleTitle(connected, undefined), "Nobody is at the door");
  assert.equal(idleTitle(connected, { by: "Hall" }), "Hall is talking to the visitor");
  assert.equal(idleTitle(connected, {}), "The station is in another call");
  assert.equal(idleTitle({ word: "lost" }, { by: "Hall" }), "The station cannot be reached");
});

test("a length is told in minutes and seconds, and in hours when it must be", () => {
  assert.deepEqual([0, 999, 59_999, 60_000, 3_723_000, -5].map(duration), ["0:00", "0:00", "0:59", "1:00", "1:02:03", "0:00"]);
});

test("what closes a connection is told without being believed", () => {
  const unknown = { word: "lost", since: new Date(), why: "unknown_key" };
  assert.equal(link(unknown), "Not paired any more");
  assert.match(idleTitle(unknown), /does not know this handset/);
  assert.match(idleText(unknown, undefined, true), /open it here/);
  assert.match(link({ word: "lost", since: new Date(), why: "closed" }), /^Not reachable since/);
});

test("the worst of several troubles is told", () => {
  const fine = {
    call: { path: { word: "connected", reason: null } }, link: { word: "connected" },
    microphone: "granted", wantsMicrophone: true, hasCalls: true,
  };
  assert.equal(callWarning(fine), null);
  assert.match(callWarning({ ...fine, microphone: "denied" }), /microphone is blocked/);
  assert.equal(callWarning({ ...fine, microphone: "denied", wantsMicrophone: false }), null);
  assert.match(callWarning({ ...fine, microphone: "denied", link: { word: "lost" } }), /interrupted/);
  const lost = { ...fine, call: { path: { word: "lost", reason: null } } };
  assert.match(callWarning(lost), /Connecting again/);
  assert.match(callWarning({ ...lost, link: { word: "lost" } }), /The station cannot be reached/);
});
