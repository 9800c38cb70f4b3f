// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { is, launch, paired, picture, until, withStation } from "../browser.mjs";
import { aDoor } from "../station.mjs";
import { decode, encode } from "../../../web/base64url.js";
import { importPublicKey, randomBytes, verify } from "../../../web/keys.js";
import { doorText } from "../../../web/proofs.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const DOORS = [aDoor("house", "House door"), aDoor("garden_gate", "Garden gate")];

function challenges(station) {
  const nonce = encode(randomBytes(16));
  station.answers.challenge = () => ["challenge_is", { nonce, lasts_ms: 30_000 }];
  return nonce;
}

const opener = (page, label) => page.getByRole("button", { name: `Open ${label}` });

test("a door is opened by a challenge signed with the action key, and its state is shown", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.state.doors = structuredClone(DOORS);
    const nonce = challenges(station);
    let actions = [];
    station.answers.action = (b) => {
      actions = [...actions, b];
      return ["ok", {}];
    };
    const page = await paired(all);
    await opener(page, "Garden gate").click();
    await page.locator('[data-door="garden_gate"][data-progress="opened"]').waitFor();
    const [{ door, sig, nonce: said }] = actions;
    assert.deepEqual([door, said], ["garden_gate", nonce]);
    const key = await importPublicKey(station.handset.action);
    const text = doorText({
      station: station.key.thumbprint, handset: station.handset.thumbprint, door, cid: null, nonce,
    });
    assert.equal(await verify(key, decode(sig), text), true);
    DOORS[1].state = "open";
    await station.tell({ doors: structuredClone(DOORS) });
    await page.locator('[data-door="garden_gate"][data-open="true"]').getByText("Unlocked").waitFor();
    await picture(page, "door-open");
    DOORS[1].state = "closed";
    await station.tell({ doors: structuredClone(DOORS) });
    await page.locator('[data-door="garden_gate"][data-open="false"]').waitFor();
  })
));

test("a door that stands open, too long or by force, says so in words and by its look", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const page = await paired(all);
    const house = page.locator('[data-door="house"]');
    const sign = () => house.evaluate((item) => getComputedStyle(item, "::before").content);
    const told = [
      [{ contact: "closed" }, "Closed", "none"],
      [{ contact: "open" }, "Open", "none"],
      [{ contact: "open", alarm: "open_too_long" }, "Open for too long", '"!"'],
      [{ contact: "open", alarm: "forced_open" }, "Forced open!", '"!"'],
      [{ contact: "closed", state: "open" }, "Unlocked", "none"],
      [{ contact: "open", state: "locked", alarm: "locked_down", locked: true }, "Open, though locked", "none"],
      [{ contact: "open", state: "locked", alarm: "tamper", locked: true }, "Open. Somebody tampered with the station", '"!"'],
    ];
    for (const [more, words, look] of told) {
      await station.tell({ doors: [aDoor("house", "House door", more)] });
      await house.locator(".state").getByText(words, { exact: true }).waitFor();
      assert.equal((await sign()).startsWith(look), true, words);
      if (more.alarm === "forced_open") await picture(page, "door-forced");
    }
  })
));

test("what a door does is not known without the station", () => (
  withStation(browser, async (all) => {
    const { station, server } = all;
    const page = await paired(all);
    await station.tell({ doors: [aDoor("house", "House door", { contact: "open", alarm: "forced_open" })] });
    const state = page.locator('[data-door="house"] .state');
    await state.getByText("Forced open!").waitFor();
    server.cut();
    await state.getByText("Not known at the moment").waitFor();
    server.restore();
    await state.getByText("Forced open!").waitFor();
  })
));

test("while it rings the door opens for that call", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const nonce = challenges(station);
    station.answers.action = () => ["ok", {}];
    const page = await paired(all);
    await station.say("ring", { cid: 7, ring_ms: 45_000, media: "audio" });
    await is(page, { call: "ringing" });
    await opener(page, "House door").click();
    await until(() => station.heardOf("action").length === 1, "an action");
    const [{ b: { sig, door } }] = station.heardOf("action");
    const text = doorText({
      station: station.key.thumbprint, handset: station.handset.thumbprint, door, cid: 7, nonce,
    });
    const key = await importPublicKey(station.handset.action);
    assert.equal(await verify(key, decode(sig), text), true);
    await picture(page, "ringing-audio");
  })
));

test("every refusal has words, and impatience asks once", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    challenges(station);
    const page = await paired(all);
    const told = {
      locked: "It is locked and stays shut",
      tampered: "Locked: somebody tampered with the station",
      not_allowed: "This handset may not open it",
      relay_fault: "The lock does not answer",
      bad_challenge: "It took too long. Try again",
      something_new: "The station refused (something_new)",
    };
    for (const [code, text] of Object.entries(told)) {
      station.answers.action = () => ["error", { code, detail: "" }];
      await opener(page, "House door").click();
      await page.locator('[data-door="house"][data-refused="true"]').getByText(text).waitFor();
    }
    await picture(page, "door-refused");
    station.answers.action = () => ["error", { code: "rate_limited", detail: "", retry_ms: 4_200 }];
    await opener(page, "House door").click();
    await page.getByText("Opened too often. Try again in 5 seconds").waitFor();

    const asked = () => new Set(station.heardOf("challenge").map(({ mid }) => mid)).size;
    const before = asked();
    station.answers.challenge = () => null;
    await opener(page, "House door").click();
    await page.locator('[data-door="house"]').getByText("Opening…").waitFor();
    await opener(page, "House door").click();
    await page.getByText("The station does not answer").waitFor();
    assert.equal(asked(), before + 1);
  })
));
