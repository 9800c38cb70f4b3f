// SPDX-License-Identifier: MIT OR Apache-2.0
// Everything without a pointer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CALL, accepts, button, is, launch, paired, ring, ringing, until, withStation } from "../browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const inFocus = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.ariaLabel);

/** Until the page takes it: a key that came too early is not meant. */
async function press(page, key, hasWorked) {
  await until(async () => {
    await page.keyboard.press(key);
    return hasWorked();
  }, `${key} to work`);
}

test("Enter answers and Escape declines, and the ring is announced", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.answers.reject = () => ["ok", {}];
    const page = await ringing(all);
    assert.equal(await page.locator("#announcement").textContent(),
      "Somebody is at the door. For Flat 2. Enter answers, Escape declines.");
    assert.equal(await page.evaluate(() => document.activeElement.id), "call-title");
    await press(page, "Escape", () => station.heardOf("reject").length === 1);
    await is(page, { call: "none" });
    accepts(station);
    await ring(all, page);
    await press(page, "Enter", () => station.heardOf("accept").length === 1);
    await is(page, { call: "ongoing" });
  })
));

test("the keyboard goes on to what can be pressed next", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    accepts(station);
    station.answers.hangup = () => ["ok", {}];
    station.answers.dial = () => ["ok", { cid: 8 }];
    const page = await paired(all);
    await button(page, "Call the station").focus();
    await press(page, "Enter", () => station.heardOf("dial").length === 1);
    await is(page, { call: "calling" });
    assert.equal(await inFocus(page), "hangup");
    await press(page, "Enter", () => station.heardOf("hangup").length === 1);
    await is(page, { call: "none" });
    assert.equal(await inFocus(page), "dial");

    await ring(all, page);
    assert.equal(await inFocus(page), "call-title");
    await button(page, "Silence this handset").focus();
    await press(page, "Enter", () => button(page, "Silence this handset").isHidden());
    assert.equal(await inFocus(page), "call-title");
    await button(page, "Answer").focus();
    await press(page, "Space", () => station.heardOf("accept").length === 1);
    await is(page, { call: "ongoing" });
    assert.equal(await inFocus(page), "hangup");
    await station.tell({ handset: { ...station.state.handset, rights: [] }, call: { ...CALL, status: "ongoing" } });
    await station.say("ended", { cid: 7, status: "ended", reason: "ended" });
    await is(page, { call: "none" });
    assert.equal(await inFocus(page), "Open House door");
  })
));

test("a key that is held down presses once", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    accepts(station);
    station.answers.hangup = () => ["ok", {}];
    const page = await ringing(all);
    await until(async () => {
      await page.keyboard.up("Enter");
      await page.keyboard.down("Enter");
      return station.heardOf("accept").length === 1;
    }, "an answer");
    await is(page, { call: "ongoing" });
    assert.equal(await inFocus(page), "hangup");
    const since = await page.evaluate(() => performance.now());
    await until(async () => {
      await page.keyboard.down("Enter");
      return page.evaluate((start) => performance.now() > start + 1_000, since);
    }, "the key to have been held for a second");
    await page.keyboard.up("Enter");
    assert.equal(station.heardOf("hangup").length, 0);
    await press(page, "Enter", () => station.heardOf("hangup").length === 1);
  })
));
