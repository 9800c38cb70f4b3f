// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { due, isInCall, nothing, reduce, rings, talks, wantsMicrophone } from "../../../web/calls.js";

const RING = { cid: 7, contact: "Flat 2", ring_ms: 45_000, media: "video" };
const STATION = {
  name: "Front door", handset: { id: "h0123456789", label: "Kitchen", rights: ["answer"] }, doors: [],
};
const CALL = {
  cid: 7, status: "ringing", direction: "outgoing", contact: "Flat 2", media: "video",
  ring_ms: 45_000, monitor: false,
};
const WALL = new Date(0);

/** What becomes of nothing by these events; an event may say when it happens. */
function after(...events) {
  let state = nothing;
  let effects = [];
  for (const event of events) {
    [state, effects] = reduce(state, { now: 0, wall: WALL, ...event });
  }
  return { state, effects, call: state.call, last: state.story[0] };
}

const said = (t, b = {}, more = {}) => ({ type: "said", t, b, ...more });
const pressed = (what, more = {}) => ({ type: "pressed", what, ...more });
const granted = (t, b, answer = {}) => ({ type: "granted", t, b, answer });
const refused = (t, b, code, more = {}) => ({ type: "refused", t, b, code, ...more });
const request = (t, b) => ({ do: "request", t, b });
const notify = (t, b) => ({ do: "notify", t, b });
const want = { do: "want", cid: 7 };
const leave = { do: "leave" };

const rung = said("ring", RING);
const answered = [rung, pressed("answer"), said("selected", { cid: 7 })];
const stateIs = (status, more = {}) => said("state_is", { ...STATION, call: { ...CALL, status } }, more);
const talking = [...answered, stateIs("ongoing", { now: 1_000 })];
const dialled = [pressed("call", { media: "video" })];
const calling = [...dialled, granted("dial", { kind: "talk", media: "video" }, { cid: 7 })];

test("nothing rings for more than ten minutes, whatever the station says", () => {
  const hours = { ring_ms: 18_000_000 };
  assert.equal(due(after(said("ring", { ...RING, ...hours })).state), 600_000);
  const standing = { ...STATION, call: { ...CALL, ...hours } };
  assert.equal(due(after(said("state_is", standing)).state), 600_000);
});

test("a ring rings, is confirmed, and asks for a session at once", () => {
  const { call, effects, state } = after(rung);
  assert.deepEqual(effects, [notify("ringing", { cid: 7 }), want]);
  assert.equal(rings(call), true);
  assert.equal(call.contact, "Flat 2");
  assert.equal(due(state), 45_000);
});

test("a ring ends by itself at the end of its time, without a network", () => {
  assert.equal(rings(after(rung, { type: "time", now: 44_999 }).call), true);
  const { call, last, effects } = after(rung, { type: "time", now: 45_000 });
  assert.equal(call, null);
  assert.deepEqual([last.status, last.isGuess], ["missed", true]);
  assert.deepEqual(effects, [leave]);
});

test("a ring that comes again rings for what is left and is confirmed again", () => {
  const again = said("ring", { ...RING, ring_ms: 10_000 }, { now: 30_000 });
  const { state, effects } = after(rung, again);
  assert.equal(due(state), 40_000);
  assert.deepEqual(effects, [notify("ringing", { cid: 7 }), want]);
});

test("answering opens the microphone, and nothing is heard before the station says who won", () => {
  const asked = after(rung, pressed("answer"));
  assert.deepEqual(asked.effects, [request("accept", { cid: 7 })]);
  assert.equal(wantsMicrophone(asked.call), true);
  assert.equal(talks(asked.call), false);
  assert.equal(wantsMicrophone(after(rung).call), false);
  const won = after(...answered);
  assert.equal(isInCall(won.call), true);
  assert.equal(talks(won.call), true);
  assert.deepEqual(won.effects, [want]);
});

test("a call counts as ongoing once the station says so, and its length from then", () => {
  const { call } = after(...talking);
  assert.equal(call.phase, "ongoing");
  assert.equal(call.talkingSince, 1_000);
  const ended = said("ended", { cid: 7, status: "ended", reason: "ended" }, { now: 43_000 });
  assert.equal(after(...talking, ended).last.lasted, 42_000);
});

test("another handset's answer ends the ring and says who it was", () => {
  const ended = said("ended", {
    cid: 7, status: "elsewhere", reason: "elsewhere", answered_by: "Hall",
  });
  const { call, last, effects } = after(rung, ended);
  assert.equal(call, null);
  assert.deepEqual([last.status, last.answeredBy, last.isGuess], ["elsewhere", "Hall", false]);
  assert.deepEqual(effects, [leave]);
});

test("whoever loses the race learns who won, once", () => {
  const lost = refused("accept", { cid: 7 }, "answered", { answeredBy: "Hall" });
  const ended = said("ended", {
    cid: 7, status: "elsewhere", reason: "elsewhere", answered_by: "Hall",
  });
  for (const events of [[lost], [lost, ended], [ended, lost]]) {
    const { state, call } = after(rung, pressed("answer"), ...events);
    assert.equal(call, null);
    assert.deepEqual(state.story.map(({ status, answeredBy }) => [status, answeredBy]), [["elsewhere", "Hall"]]);
  }
});

test("an answer that reached nobody rings on, while there is time", () => {
  const unheard = { now: 10_000, ...refused("accept", { cid: 7 }, "no_answer") };
  const { call, effects } = after(rung, pressed("answer"), unheard);
  assert.equal(call.phase, "ringing");
  assert.deepEqual(effects.map(({ do: what, code }) => [what, code]), [["tell", "no_answer"]]);
  assert.equal(after(rung, pressed("answer"), { ...unheard, now: 45_000 }).call, null);
});

test("declining is quiet at once, whether or not the station hears of it", () => {
  const { call, effects } = after(rung, pressed("decline"));
  assert.equal(rings(call), false);
  assert.deepEqual(effects, [request("reject", { cid: 7 })]);
  assert.equal(after(rung, pressed("decline"), granted("reject", { cid: 7 })).last.status, "rejected");
  const unheard = after(rung, pressed("decline"), refused("reject", { cid: 7 }, "no_answer"));
  assert.equal(unheard.last.status, "rejected");
  assert.deepEqual(unheard.effects.map((effect) => effect.do), ["leave", "tell"]);
});

test("nothing brings back a ring that was declined", () => {
  const { call } = after(rung, pressed("decline"), rung, stateIs("ringing"));
  assert.equal(call.phase, "leaving");
});

test("silencing keeps the call, and a nudge ends the silence", () => {
  const silenced = after(rung, pressed("silence"));
  assert.equal(rings(silenced.call), false);
  assert.equal(silenced.call.phase, "ringing");
  assert.equal(rings(after(rung, pressed("silence"), said("nudge", { cid: 7 })).call), true);
  assert.deepEqual(after(rung, said("nudge", { cid: 7 })).effects, [{ do: "nudge" }]);
  assert.deepEqual(after(rung, said("nudge", { cid: 8 })).effects, []);
});

test("a station that knows of no call ends the ring", () => {
  const { call, last } = after(rung, said("state_is", STATION));
  assert.equal(call, null);
  assert.equal(last.isGuess, true);
});

test("what the station says later about a call corrects what this side guessed", () => {
  const cancelled = said("ended", { cid: 7, status: "missed", reason: "cancelled" });
  const { last, state } = after(rung, said("state_is", STATION), cancelled);
  assert.deepEqual([last.status, last.reason, last.isGuess], ["missed", "cancelled", false]);
  assert.equal(state.story.length, 1);
  const again = said("ended", { cid: 7, status: "failed", reason: "unreachable" });
  assert.equal(after(rung, cancelled, again).last.status, "missed");
});

test("a page that is loaded again in the middle of a call goes on with it", () => {
  const { call, effects } = after(stateIs("ongoing"));
  assert.equal(call.phase, "ongoing");
  assert.deepEqual(effects, [want]);
  const ringing = after(stateIs("ringing"));
  assert.equal(rings(ringing.call), true);
  assert.deepEqual(ringing.effects, []);
});

const link = (isLinked, now = 0) => ({ type: "link", isLinked, now });
const path = (word, now = 0) => ({ type: "path", cid: 7, word, now });
const connected = [link(true), ...talking, path("connected", 1_000)];
const alone = [...connected, link(false, 20_000), path("lost", 22_000)];
const late = (now) => ({ type: "time", now });

test("a call ends by itself ten seconds after the station was last reached, and the microphone with it", () => {
  assert.equal(due(after(...alone).state), 32_000);
  assert.equal(after(...alone, late(31_999)).call.phase, "ongoing");
  const { call, last, effects } = after(...alone, late(32_000));
  assert.equal(wantsMicrophone(call), false);
  assert.deepEqual([last.status, last.reason, last.lasted, last.isGuess], ["failed", "station_gone", 31_000, true]);
  assert.deepEqual(effects, [leave]);
});

test("a call lasts while the station is reached by either its link or its media", () => {
  assert.equal(due(after(...connected, link(false, 20_000)).state), null);
  assert.equal(due(after(...connected, path("lost", 20_000)).state), null);
  assert.equal(due(after(...alone, path("connected", 30_000)).state), null);
  assert.equal(due(after(...alone, link(true, 30_000)).state), null);
  assert.equal(due(after(...alone, link(true, 30_000), link(false, 31_000)).state), 41_000);
  const rings = [link(true), ...calling, link(false, 5_000)];
  assert.equal(due(after(...rings).state), 15_000);
});

test("who left a call while the station was away is out of it when the station is back", () => {
  const gone = [...alone, late(32_000), stateIs("ongoing"), said("selected", { cid: 7 })];
  assert.deepEqual(after(...gone.slice(0, -1)).effects, [request("hangup", { cid: 7 })]);
  assert.equal(after(...gone).call, null);
  const unheard = [...talking, pressed("hangup"), refused("hangup", { cid: 7 }, "no_answer")];
  assert.deepEqual(after(...unheard, stateIs("ongoing")).effects, [request("hangup", { cid: 7 })]);
  const { state } = after(...gone, said("ended", { cid: 7, status: "failed", reason: "media_timeout" }));
  assert.deepEqual(state.story.map(({ reason }) => reason), ["media_timeout"]);
});

test("mute and hold stop what the visitor hears, and hold is the station's to grant", () => {
  assert.equal(talks(after(...talking, pressed("mute")).call), false);
  assert.equal(talks(after(...talking, pressed("mute"), pressed("mute")).call), true);
  const asked = after(...talking, pressed("hold"));
  assert.deepEqual(asked.effects, [request("hold", { cid: 7, on: true })]);
  assert.equal(asked.call.isHeld, false);
  const held = [...talking, pressed("hold"), granted("hold", { cid: 7, on: true })];
  assert.equal(talks(after(...held).call), false);
  assert.deepEqual(after(...held, pressed("hold")).effects, [request("hold", { cid: 7, on: false })]);
  assert.equal(talks(after(...talking, said("held", { cid: 7, on: true })).call), false);
  assert.equal(talks(after(...talking, said("held", { cid: 7, on: true }), said("held", { cid: 7, on: false })).call), true);
});

test("hanging up asks the station and ends here when it agrees or is silent", () => {
  const asked = after(...talking, pressed("hangup"));
  assert.deepEqual(asked.effects, [request("hangup", { cid: 7 })]);
  assert.equal(wantsMicrophone(asked.call), false);
  assert.equal(after(...talking, pressed("hangup"), granted("hangup", { cid: 7 })).last.status, "ended");
  const unheard = after(...talking, pressed("hangup"), refused("hangup", { cid: 7 }, "no_answer"));
  assert.equal(unheard.call, null);
});

test("a call to the station rings there until somebody answers", () => {
  const asked = after(...dialled);
  assert.deepEqual(asked.effects, [request("dial", { kind: "talk", media: "video" })]);
  const there = after(...calling);
  assert.equal(there.call.phase, "calling");
  assert.deepEqual(there.effects, [want]);
  assert.equal(talks(there.call), false);
  assert.equal(talks(after(...calling, said("selected", { cid: 7 })).call), true);
});

test("how things stand may come before the number of a dialled call", () => {
  const incoming = said("state_is", { ...STATION, call: { ...CALL, direction: "incoming" } });
  const { call, effects } = after(...dialled, incoming, granted("dial", {}, { cid: 7 }));
  assert.equal(call.phase, "calling");
  assert.deepEqual(effects, [want]);
  assert.equal(after(...dialled, said("state_is", STATION)).call.phase, "dialling");
});

test("a refused call says why and is gone", () => {
  const { call, effects, state } = after(...dialled, refused("dial", {}, "busy"));
  assert.equal(call, null);
  assert.equal(state.story.length, 0);
  assert.deepEqual(effects.map(({ do: what, code }) => [what, code]), [["leave", undefined], ["tell", "busy"]]);
});

test("hanging up before the call has a number hangs up when it has one", () => {
  const { effects } = after(...dialled, pressed("hangup"), granted("dial", {}, { cid: 7 }));
  assert.deepEqual(effects, [request("hangup", { cid: 7 })]);
});

test("a dialling that is refused does not touch the call that came meanwhile", () => {
  const { call, effects } = after(...dialled, rung, refused("dial", {}, "no_answer"));
  assert.equal(call.phase, "answering");
  assert.deepEqual(effects.map((effect) => effect.do), ["tell"]);
});

test("a dialling that met a ring ends when nobody says what became of it", () => {
  const crossed = [...dialled, rung];
  assert.equal(due(after(...crossed).state), 55_000);
  const { call, last, effects } = after(...crossed, { type: "time", now: 55_000 });
  assert.equal(call, null);
  assert.deepEqual([last.status, last.reason, last.isGuess], ["failed", "station_gone", true]);
  assert.deepEqual(effects, [leave]);
});

test("a ring during one's own dialling is the answer to it", () => {
  const { call } = after(...dialled, rung);
  assert.equal(call.phase, "answering");
  assert.equal(after(...dialled, rung, said("selected", { cid: 7 })).call.phase, "connecting");
});

test("listening in opens no microphone", () => {
  const { call, effects } = after(pressed("listen", { media: "video" }), granted("dial", {}, { cid: 7 }));
  assert.deepEqual(effects, [want]);
  assert.equal(isInCall(call), true);
  assert.equal(wantsMicrophone(call), false);
  assert.equal(talks(call), false);
});

test("a second call is busy while the first one lasts", () => {
  const { call, effects } = after(...talking, said("ring", { ...RING, cid: 8 }));
  assert.equal(call.cid, 7);
  assert.deepEqual(effects, [notify("busy", { cid: 8 })]);
});

test("a newer ring takes the place of one that the station forgot to end", () => {
  const { call, state, effects } = after(rung, said("ring", { ...RING, cid: 8 }));
  assert.equal(call.cid, 8);
  assert.equal(state.story.length, 1);
  assert.deepEqual(effects[0], leave);
});

test("sessions and candidates of other calls are dropped", () => {
  const offer = { cid: 7, session: 1, sdp: "v=0", ice: [] };
  assert.deepEqual(after(rung, said("offer", offer)).effects, [{ do: "offer", ...offer }]);
  assert.deepEqual(after(rung, said("offer", { ...offer, cid: 8 })).effects, []);
  assert.deepEqual(after(rung, pressed("decline"), said("offer", offer)).effects, []);
  assert.deepEqual(after(said("offer", offer)).effects, []);
});

test("what does not fit is ignored", () => {
  for (const what of ["answer", "decline", "hangup", "silence", "mute", "hold"]) {
    const { state, effects } = after(pressed(what));
    assert.deepEqual([state, effects], [nothing, []], what);
  }
  for (const t of ["nudge", "selected", "ended", "held", "warning"]) {
    const { call, effects } = after(said(t, { cid: 7, status: "ended", reason: "ended", on: true, ends_ms: 1 }));
    assert.deepEqual([call, effects], [null, []], t);
  }
});

test("a list of calls does not grow for ever", () => {
  const many = Array.from({ length: 50 }, (_, cid) => [
    said("ring", { ...RING, cid }), said("ended", { cid, status: "missed", reason: "missed" }),
  ]).flat();
  const { state } = after(...many);
  assert.equal(state.story.length, 20);
  assert.equal(state.story[0].cid, 49);
});
