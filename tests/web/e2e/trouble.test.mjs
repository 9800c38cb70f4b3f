// SPDX-License-Identifier: MIT OR Apache-2.0
// What may go wrong goes wrong, and both pages say so.

import assert from "node:assert/strict";
import { test } from "node:test";

import { launch } from "./support/chromium.mjs";
import { Handset } from "./support/handset.mjs";
import { Panel } from "./support/panel.mjs";
import { isTone } from "./support/sound.mjs";
import { STATION_TONE, Station } from "./support/station.mjs";
import { until } from "./support/wait.mjs";

const HANDSET_TONE = 1310;

async function call(panel, handset) {
  await panel.press("bell");
  await handset.call("ringing");
  await handset.click("answer");
  await handset.call("ongoing");
  await panel.call("ongoing");
}

test("a killed media worker fails its call, and the next call works", async (t) => {
  const browser = await launch(t);
  const station = await Station.start(t);
  const panel = await Panel.open(t, browser, station);
  const handset = await Handset.pair(t, browser, panel, { name: "Kitchen", tone: HANDSET_TONE });
  await call(panel, handset);
  const [worker, ...others] = await until("the worker", async () => {
    const workers = await station.workers();
    return workers.length > 0 && workers;
  });
  assert.deepEqual(others, [], "one for the call");
  const killed = performance.now();
  process.kill(worker, "SIGKILL");
  await panel.call("failed");
  const told = performance.now() - killed;
  t.diagnostic(`the panel knew ${told.toFixed(0)} ms after the worker was killed (goal 1000)`);
  assert.ok(told < 5_000, `${told} ms`);
  assert.equal(await panel.callReason(), "worker_crashed");
  await handset.call("none");
  await handset.screenshot("9-failed");
  await panel.screenshot("8-failed");

  await call(panel, handset);
  await until("the visitor is heard again", async () => isTone(await handset.hears(STATION_TONE)));
  await until("and the browser", async () => isTone(await station.loudspeaker.newest(HANDSET_TONE)));
  await handset.click("hangup");
  await panel.call("ended");
});

test("a browser comes back to a daemon that was killed, and is told when it is revoked", async (t) => {
  const browser = await launch(t);
  const station = await Station.start(t);
  let panel = await Panel.open(t, browser, station);
  const handset = await Handset.pair(t, browser, panel, { name: "Kitchen", tone: HANDSET_TONE });

  await station.kill();
  await handset.page.waitForFunction(() => document.body.dataset.link !== "connected");
  await handset.screenshot("10-unreachable");
  await panel.page.waitForSelector("body[data-live=no]");
  await panel.screenshot("9-not-running");
  await station.run();
  await handset.connected();
  panel = await Panel.open(t, browser, station);
  await call(panel, handset);
  await until("the visitor is heard", async () => isTone(await handset.hears(STATION_TONE)));

  await t.test("revoked in the middle of a call", async () => {
    await panel.page.click("[data-does=unpair]");
    await panel.call("failed");
    assert.equal(await panel.callReason(), "revoked");
    await handset.page.waitForFunction(() => document.body.dataset.page !== "handset");
    await handset.screenshot("11-revoked");
    assert.match(await handset.words(), /was removed/i);
    assert.equal(await panel.page.locator("[data-handset]").count(), 0);
  });
});

test("a browser in a call with a daemon that was killed ends the call by itself", async (t) => {
  const browser = await launch(t);
  const station = await Station.start(t);
  const panel = await Panel.open(t, browser, station);
  const handset = await Handset.pair(t, browser, panel, { name: "Kitchen", tone: HANDSET_TONE });
  await call(panel, handset);
  await until("the visitor is heard", async () => isTone(await handset.hears(STATION_TONE)));
  await station.kill();
  await handset.call("none");
  assert.match(await handset.page.locator("#story-list").innerText(), /The station cannot be reached; the call has ended/);
  await station.run();
  await handset.connected();
});

test("a browser that hides its addresses is talked to all the same, and sees H.264", async (t) => {
  const browser = await launch(t, { asksForMicrophone: true });
  const station = await Station.start(t, { codecs: ["h264"] });
  const panel = await Panel.open(t, browser, station);
  // Without leave for the microphone a page is shown names ending in .local for addresses.
  const handset = await Handset.pair(t, browser, panel, { name: "Kitchen", tone: HANDSET_TONE });
  await call(panel, handset);
  await until("the visitor is heard", async () => isTone(await handset.hears(STATION_TONE)));
  await until("and the browser", async () => isTone(await station.loudspeaker.newest(HANDSET_TONE)));
  const local = await handset.page.evaluate(() => outside.hidesAddresses());
  assert.ok(local, "its own candidates are .local names");
  assert.equal((await handset.seesTheVisitorMove()).codec, "video/H264");
  await handset.click("hangup");
  await panel.call("ended");
});
