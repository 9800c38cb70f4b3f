// SPDX-License-Identifier: MIT OR Apache-2.0
// `intercomd demo` as a newcomer meets it: from what it prints to a conversation and an open door.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { test } from "node:test";

import { launch } from "./support/chromium.mjs";
import { Handset } from "./support/handset.mjs";
import { Panel } from "./support/panel.mjs";
import { Station } from "./support/station.mjs";
import { until } from "./support/wait.mjs";

test("whoever follows what the demo prints talks to the visitor and opens the door", async (t) => {
  const browser = await launch(t);
  const station = await Station.demo(t);
  const link = await until("the link", () => /Your handset: +(http:\S+)/.exec(station.said)?.[1]);
  const panel = await Panel.open(t, browser, station);
  await panel.step(1);
  // The same profile in another tab, as a newcomer would.
  const handset = await Handset.open(t, browser, { name: "This browser", tone: 1310 });
  await handset.use(link);
  await panel.step(2);

  await panel.press("bell");
  await handset.call("ringing");
  await panel.step(3);
  assert.match(await panel.callWords(), /Phone in the hall/, "simulated phones ring beside it");
  await handset.seesTheVisitorMove();
  await panel.screenshot("0-demo");
  await handset.screenshot("0-demo");
  await panel.page.emulateMedia({ colorScheme: "dark" });
  await panel.screenshot("0-demo-dark");
  await panel.page.setViewportSize({ width: 360, height: 740 });
  await panel.screenshot("0-demo-phone");
  const width = await panel.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 360, "nothing sticks out of a phone's screen");
  const top = (selector) => panel.page.locator(selector).boundingBox().then((box) => box.y);
  assert.ok((await top("#steps")) < (await top("#buttons")), "what to do comes before what to do it with");
  await panel.page.setViewportSize({ width: 1280, height: 900 });

  await handset.click("answer");
  await handset.call("ongoing");
  await panel.step(4);
  await until("the ticks at the door are heard", async () => (await handset.hears(1000)).all > 1e-7);
  await until("the panel's meter shows the browser", async () => (await panel.level("heard")) > -40);
  await handset.page.click("#door-list button");
  await panel.relay(true);
  await panel.page.waitForSelector("#steps li:last-child[data-done]");
  await handset.click("hangup");
  await panel.call("ended");
  await panel.page.reload();
  await panel.page.waitForSelector("#steps li:last-child[data-done]");
  assert.equal(await panel.page.locator("#steps [data-done]").count(), 4, "what was done stays done");

  await t.test("a phone that is played on the panel page answers, and the browser says so", async () => {
    await panel.press("bell");
    await handset.call("ringing");
    await panel.page.click("[data-handset=hall] button.go");
    await panel.call("ongoing");
    await handset.call("none");
    assert.match(await handset.words(), /Phone in the hall answered/);
    await handset.page.getByRole("heading", { name: "Phone in the hall is talking to the visitor" }).waitFor();
    await panel.press("cancel");
    await panel.call("ended");
    await handset.page.getByRole("heading", { name: "Nobody is at the door" }).waitFor();
  });

  await t.test("a button that is held opens pairing, and lets go when the page goes away", async () => {
    await panel.page.locator("[data-button=cancel]").focus();
    await panel.page.keyboard.down(" ");
    await panel.page.waitForSelector("#pairing[data-pairing=open]");
    const other = await Panel.open(t, browser, station);
    await other.page.waitForSelector("[data-button=cancel][aria-pressed=true]");
    await panel.page.close();
    await other.page.waitForSelector("[data-button=cancel][aria-pressed=false]");
  });

  await t.test("a press too many is told, in words like everything else", async () => {
    const again = await Panel.open(t, browser, station);
    for (let presses = 0; presses < 12; presses += 1) await again.press("cancel");
    await again.page.getByText("Not done: Cancel was pressed too often").waitFor();
    await again.screenshot("6-too-often");
    const log = await again.page.locator("#log").innerText();
    assert.match(log, /Cancel\s+Pressed\s/);
    assert.match(log, /Cancel\s+Pressed too often; this one did not count/);
    await again.page.close();
  });

  await t.test("quit ends it, also in the middle of a call, and leaves nothing behind", async () => {
    const again = await Panel.open(t, browser, station);
    await again.press("bell");
    await handset.call("ringing");
    await handset.seesTheVisitorMove();
    const ended = once(station.daemon, "exit");
    station.daemon.stdin.write("quit\n");
    assert.deepEqual(await ended, [0, null]);
    assert.deepEqual(await readdir(station.home), []);
  });

  await t.test("the next demo is another station: the old tab says so, forgets, and is paired by the new link", async () => {
    await station.run([]);
    await handset.page.getByRole("heading", { name: "This station does not know this handset any more" }).waitFor();
    await handset.screenshot("0-demo-anew");
    await handset.click("forget");
    await handset.page.waitForSelector("body[data-page=unpaired]");
    await handset.use(await until("the new link", () => /Your handset: +(http:\S+)/.exec(station.said)?.[1]));
  });
});
