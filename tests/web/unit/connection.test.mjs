// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";

import { ScriptedStation, STATE } from "../station.mjs";
import { testKey } from "./vectors.mjs";
import { VirtualClock } from "./virtual-clock.mjs";
import { Connection } from "../../../web/connection.js";

const stationKey = await testKey("station");
const handsetKey = await testKey("handset_call");

/** As a browser's, opened by the test. */
class FakeSocket {
  readyState = 0;
  sent = [];

  open(station) {
    this.readyState = 1;
    this.peer = station?.connected({
      send: (frame) => this.onmessage({ data: frame }),
      close: (code, reason) => this.fail(reason),
    });
    this.onopen();
  }

  send(frame) {
    this.sent.push(frame);
    this.peer?.receive(frame);
  }

  close() {
    this.fail("");
  }

  fail(reason = "") {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.peer?.closed();
    this.onclose?.({ reason });
  }
}

function setUp({ random = () => 1 } = {}) {
  const clock = new VirtualClock();
  const station = new ScriptedStation(stationKey);
  station.handset = handsetKey;
  station.acknowledges = false;
  const sockets = [];
  const states = [];
  const heard = [];
  let revoked = 0;
  const connection = new Connection({
    clock, random, handset: handsetKey, app: "test",
    station: { thumbprint: stationKey.thumbprint, publicKey: stationKey.pair.publicKey },
    dial() {
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    },
    on: {
      state: ({ word }) => states.push(word),
      heard: (message) => heard.push(message),
      revoked: () => { revoked += 1; },
    },
  });
  return {
    clock, station, sockets, states, heard, connection,
    get revoked() { return revoked; },
    async open() {
      sockets.at(-1).open(station);
      await clock.pass(0);
    },
  };
}

async function connected(options) {
  const all = setUp(options);
  all.connection.start();
  await all.open();
  assert.equal(all.states.at(-1), "connected");
  return all;
}

test("a connection says hello, confirms the context and learns how things stand", async () => {
  const { states, heard, station } = await connected();
  assert.deepEqual(states, ["connecting", "connected"]);
  assert.deepEqual(station.heard.map(({ t, seq }) => [t, seq]), [["hello", 0], ["resume", 1]]);
  assert.deepEqual(heard, [{ t: "state_is", b: STATE }]);
});

test("what was received is acknowledged within half a second, once", async () => {
  const { clock, station } = await connected();
  await clock.pass(499);
  assert.equal(station.heardOf("ack").length, 0);
  await clock.pass(1);
  assert.deepEqual(station.heardOf("ack").map(({ seq, ack }) => [seq, ack]), [[0, 2]]);
  await clock.pass(5_000);
  assert.equal(station.heardOf("ack").length, 1);
});

test("a message is repeated byte for byte until it is acknowledged", async () => {
  const { clock, sockets, connection, station } = await connected();
  connection.notify("ringing", { cid: 7 });
  await clock.pass(0);
  const [socket] = sockets;
  const before = socket.sent.length;
  await clock.pass(7_000);
  const frames = socket.sent.slice(before - 1).filter((frame) => frame === socket.sent[before - 1]);
  assert.equal(frames.length, 4);
  assert.equal(station.heardOf("ringing").length, 4);
  await station.say("ack", {});
  await clock.pass(8_000);
  assert.equal(station.heardOf("ringing").length, 4);
});

test("ten seconds without an acknowledgement end the connection, and another is made", async () => {
  const { clock, sockets, states, connection } = await connected();
  await clock.pass(6_000);
  connection.notify("ringing", { cid: 7 });
  await clock.pass(9_999);
  assert.equal(sockets.length, 1);
  await clock.pass(1);
  assert.equal(sockets[0].readyState, 3);
  await clock.pass(0);
  assert.equal(sockets.length, 2);
  assert.equal(states.at(-1), "connecting");
});

test("a request is answered by the message that names it", async () => {
  const { clock, station, connection } = await connected();
  station.answers.accept = ({ cid }) => (cid === 7
    ? ["ok", {}] : ["error", { code: "answered", detail: "", answered_by: "Hall" }]);
  const won = connection.request("accept", { cid: 7 });
  const lost = connection.request("accept", { cid: 8 });
  lost.catch(() => {});
  await clock.pass(0);
  assert.equal((await won).t, "ok");
  await assert.rejects(lost, { code: "answered", answeredBy: "Hall" });
});

test("a request without an answer is given up after ten seconds", async () => {
  const { clock, connection, station } = await connected();
  station.answers.accept = () => null;
  const asked = connection.request("accept", { cid: 7 });
  asked.catch(() => {});
  await clock.pass(10_000);
  await assert.rejects(asked, { code: "no_answer" });
});

test("a request that was lost with its connection goes out again under its old name", async () => {
  const { clock, station, sockets, connection, open } = await connected();
  await clock.pass(5_000);
  const asked = connection.request("accept", { cid: 7 });
  await clock.pass(0);
  const [first] = station.heardOf("accept");
  station.answers.accept = () => ["ok", {}];
  sockets[0].fail();
  await clock.pass(0);
  await open();
  const [, second] = station.heardOf("accept");
  assert.equal(second.mid, first.mid);
  assert.notEqual(second.sx, first.sx);
  assert.equal((await asked).t, "ok");
});

test("notices that were not acknowledged go out again, those that were do not", async () => {
  const { clock, station, sockets, connection, open } = await connected();
  await clock.pass(5_000);
  connection.notify("ringing", { cid: 7 });
  await clock.pass(0);
  await station.say("ack", {});
  await clock.pass(0);
  connection.notify("answer", { cid: 7, session: 1, sdp: "v=0" });
  await clock.pass(0);
  sockets[0].fail();
  await clock.pass(0);
  await open();
  assert.equal(station.heardOf("ringing").length, 1);
  assert.equal(station.heardOf("answer").length, 2);
});

test("forgotten notices do not go out again", async () => {
  const { clock, station, sockets, connection, open } = await connected();
  await clock.pass(5_000);
  connection.notify("ice", { cid: 7, session: 1, mline: 0, candidate: "" });
  await clock.pass(0);
  connection.forget(({ t }) => t === "ice");
  sockets[0].fail();
  await clock.pass(0);
  await open();
  assert.equal(station.heardOf("ice").length, 1);
});

test("pauses grow to half a minute, and waking up ends them", async () => {
  const { clock, sockets, connection, states } = setUp();
  connection.start();
  const pauses = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const count = sockets.length;
    const began = clock.now();
    sockets.at(-1).fail();
    while (sockets.length === count) await clock.pass(100);
    pauses.push(Math.round((clock.now() - began) / 1000));
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
  assert.equal(states.at(-1), "lost");
  sockets.at(-1).fail();
  await clock.pass(0);
  const count = sockets.length;
  connection.wake();
  assert.equal(sockets.length, count + 1);
});

test("chance takes up to half of each pause", async () => {
  const { clock, sockets, connection } = setUp({ random: () => 0 });
  connection.start();
  sockets[0].fail();
  await clock.pass(499);
  assert.equal(sockets.length, 1);
  await clock.pass(1);
  assert.equal(sockets.length, 2);
});

test("a connection that is taken away at once is not made again at once", async () => {
  const { clock, sockets } = await connected();
  sockets[0].fail();
  await clock.pass(999);
  assert.equal(sockets.length, 1);
  await clock.pass(1);
  assert.equal(sockets.length, 2);
});

test("twenty silent seconds are answered by a question, and silence then by a new connection", async () => {
  const { clock, station, sockets } = await connected();
  await clock.pass(19_999);
  assert.equal(station.heardOf("resume").length, 1);
  await clock.pass(1);
  assert.equal(station.heardOf("resume").length, 2);
  sockets[0].peer = undefined;
  await clock.pass(40_000);
  assert.equal(sockets[0].readyState, 3);
  assert.equal(sockets.length, 2);
});

test("after a change of the network a silent connection is given up within three seconds", async () => {
  const { clock, sockets, connection } = await connected();
  await clock.pass(6_000);
  sockets[0].peer = undefined;
  connection.wake();
  await clock.pass(2_999);
  assert.equal(sockets[0].readyState, 1);
  await clock.pass(1);
  assert.equal(sockets[0].readyState, 3);
});

test("a message by anybody else ends the connection", async () => {
  const { clock, sockets, heard, station } = await connected();
  const other = new ScriptedStation(await testKey("another_station"));
  other.handset = handsetKey;
  const impostor = other.connected({ send: (frame) => sockets[0].onmessage({ data: frame }) });
  impostor.context = station.current.context;
  await impostor.say("ring", { cid: 7, ring_ms: 45_000, media: "video" });
  await clock.pass(0);
  assert.equal(sockets[0].readyState, 3);
  assert.deepEqual(heard.map(({ t }) => t), ["state_is"]);
});

test("a message that comes twice is heard once", async () => {
  const { clock, sockets, heard, station } = await connected();
  await station.say("ring", { cid: 7, ring_ms: 45_000, media: "video" });
  await clock.pass(0);
  const frames = [];
  const { onmessage } = sockets[0];
  sockets[0].onmessage = (event) => {
    frames.push(event);
    onmessage(event);
  };
  await station.say("nudge", { cid: 7 });
  await clock.pass(0);
  onmessage(frames[0]);
  await clock.pass(0);
  assert.deepEqual(heard.map(({ t }) => t), ["state_is", "ring", "nudge"]);
  assert.equal(sockets[0].readyState, 1);
});

test("what a newer station says more is passed over", async () => {
  const { clock, heard, station, sockets } = await connected();
  await station.say("weather", { rain: true });
  await station.say("nudge", { cid: 7 });
  await clock.pass(0);
  assert.deepEqual(heard.map(({ t }) => t), ["state_is", "nudge"]);
  assert.equal(sockets[0].readyState, 1);
});

test("only the station itself can revoke a handset", async () => {
  const hinted = await connected();
  hinted.sockets[0].fail("revoked");
  await hinted.clock.pass(0);
  assert.equal(hinted.revoked, 0);
  assert.equal(hinted.states.at(-1), "lost");

  const told = await connected();
  await told.station.say("error", { code: "revoked", detail: "" });
  await told.clock.pass(0);
  assert.equal(told.revoked, 1);

  const refused = setUp();
  refused.station.answers.hello = () => ({ code: "revoked" });
  refused.connection.start();
  await refused.open();
  assert.equal(refused.revoked, 1);
  await refused.clock.pass(120_000);
  assert.equal(refused.sockets.length, 1);
});

test("after the end nothing is dialled any more", async () => {
  const { clock, sockets, connection, states } = await connected();
  connection.stop();
  await clock.pass(60_000);
  assert.equal(sockets.length, 1);
  assert.equal(states.at(-1), "stopped");
});
