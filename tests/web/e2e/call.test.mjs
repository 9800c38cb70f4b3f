// SPDX-License-Identifier: MIT OR Apache-2.0
// A whole call by hand: nothing but the two pages, and everything told by its content.

import assert from "node:assert/strict";
import { test } from "node:test";

import { launch } from "./support/chromium.mjs";
import { Handset } from "./support/handset.mjs";
import { Panel } from "./support/panel.mjs";
import { isAbsent, isTone } from "./support/sound.mjs";
import { STATION_TONE, Station } from "./support/station.mjs";
import { until } from "./support/wait.mjs";

/** No multiple of another one, nor of what the station itself plays. */
const HANDSET_TONE = 1310;

async function talk(handset, station) {
  await until("the visitor is heard in the browser", async () => isTone(await handset.hears(STATION_TONE)));
  await until("the browser is heard at the door", async () => isTone(await station.loudspeaker.newest(HANDSET_TONE)));
}

test("a visitor rings, is seen, is talked to and is let in", async (t) => {
  const browser = await launch(t);
  const station = await Station.start(t);
  const panel = await Panel.open(t, browser, station);
  await panel.screenshot("1-idle");

  const handset = await Handset.open(t, browser, { name: "Kitchen", tone: HANDSET_TONE });
  const link = await panel.pairingLink();
  await handset.page.goto(link);
  await handset.page.waitForSelector("#pair");
  await handset.screenshot("1-pairing");
  await panel.screenshot("2-pairing");
  await handset.page.fill("#label", "Kitchen");
  await handset.click("pair");
  await handset.connected();
  await panel.pairingIsUsed();
  await handset.screenshot("2-paired");

  await panel.press("bell");
  await handset.call("ringing");
  await panel.call("ringing");
  const preview = await handset.seesTheVisitorMove();
  t.diagnostic(`preview: ${preview.codec}, ${preview.framesDecoded} frames`);
  await handset.screenshot("3-ringing");
  await panel.screenshot("3-ringing");

  const secrets = await handset.page.evaluate(() => outside.secrets());
  await t.test("no sound passes in either direction before somebody accepts", async () => {
    await handset.page.evaluate(() => outside.speakUp());
    await until("the browser speaks up", () => handset.page.evaluate(() => outside.isLoud()));
    const before = await handset.statistics();
    const quietSince = await station.loudspeaker.length();
    for (let look = 0; look < 10; look += 1) {
      const heard = await handset.hears(STATION_TONE);
      assert.ok(isAbsent(heard), `heard before the answer: ${JSON.stringify(heard)}`);
      const { received } = await handset.statistics();
      await until("the next packets", async () => (await handset.statistics()).received > received);
    }
    const after = await handset.statistics();
    assert.ok(after.received > before.received, "sound packets flow, silent ones");
    assert.ok(after.sent > before.sent, "so they do the other way");
    const windows = await station.loudspeaker.windowsSince(quietSince, HANDSET_TONE);
    assert.ok(windows.length > 0);
    assert.deepEqual(windows.filter((window) => !isAbsent(window)), []);
  });

  await handset.click("answer");
  await handset.call("ongoing");
  await panel.call("ongoing");
  await talk(handset, station);
  const talking = await handset.statistics();
  assert.ok(talking.received > 0 && talking.sent > 0);
  await until("the panel's meter shows the browser", async () => (await panel.level("heard")) > -40);
  await handset.screenshot("4-talking");
  await panel.screenshot("4-talking");

  await handset.click("mute");
  await until("the muted browser is not heard", async () => isAbsent(await station.loudspeaker.newest(HANDSET_TONE)));
  assert.ok(isTone(await handset.hears(STATION_TONE)), "and it hears on");
  await handset.screenshot("5-muted");
  await handset.click("mute");
  await talk(handset, station);

  await handset.page.click("#door-list button");
  await panel.relay(true);
  await panel.screenshot("5-door");
  await handset.screenshot("6-door");
  await panel.relay(false);

  await handset.click("hangup");
  await handset.call("none");
  await panel.call("ended");
  await handset.screenshot("7-over");
  const overAt = await station.loudspeaker.length();
  assert.deepEqual((await station.loudspeaker.windowsSince(overAt, HANDSET_TONE)).filter(isTone), []);

  await t.test("the visitor hangs up the next call", async () => {
    await panel.press("bell");
    await handset.call("ringing");
    await handset.click("answer");
    await handset.call("ongoing");
    await talk(handset, station);
    await panel.press("end");
    await handset.call("none");
    await panel.call("ended");
  });

  await t.test("the handset calls the door, and the visitor answers", async () => {
    await handset.click("dial");
    await panel.call("ringing");
    assert.match(await panel.callWords(), /A handset calls/);
    await panel.screenshot("6-a-handset-calls");
    await handset.screenshot("8-calling");
    await panel.press("bell");
    await handset.call("ongoing");
    await talk(handset, station);
    await handset.click("hangup");
    await panel.call("ended");
  });

  await t.test("a door that is locked down stays shut, and the handset says why", async () => {
    await panel.page.click("[data-does=lock]");
    await handset.page.waitForSelector("#door-list li[data-state=locked]");
    await handset.page.click("#door-list button");
    await handset.page.waitForSelector("#door-list li[data-progress=refused]");
    assert.match(await handset.page.locator("#door-list .state").innerText(), /locked/i);
    await handset.screenshot("9-locked");
    const relays = panel.page.locator("[data-door=front]");
    assert.equal(await relays.getAttribute("data-relay"), "false");
    await panel.page.click("[data-does=lock]");
    await handset.page.waitForSelector("#door-list li[data-state=closed]");
  });

  await t.test("the log of all of it holds no secret", () => {
    assert.match(station.log, /DEBUG/);
    const { token, key } = JSON.parse(Buffer.from(new URL(link).hash.slice("#pair=".length), "base64url"));
    secrets.push(token, key, new URL(link).hash);
    assert.ok(secrets.length >= 7, "two passwords, two fingerprints, and what the link holds");
    assert.deepEqual(secrets.filter((secret) => station.log.includes(secret)), []);
    assert.doesNotMatch(station.log, /ice-pwd|fingerprint:|ice-ufrag|m=audio|candidate:|PRIVATE KEY|"mac"|"sdp"/i);
  });
});
