// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { button, is, launch, paired, picture, withStation } from "../browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function offered(all, link) {
  const page = await all.context.newPage();
  await page.goto(link ?? all.station.pairingLink(all.server.origin));
  await is(page, { page: "pairing" });
  return page;
}

test("a link, a name and a click pair a browser, which stays paired", () => (
  withStation(browser, async ({ station, server, context }) => {
    const page = await context.newPage();
    await page.goto(station.pairingLink(server.origin));
    await is(page, { page: "pairing" });
    await picture(page, "pairing");
    await page.getByLabel("Name of this handset").fill("Kitchen");
    await page.keyboard.press("Enter");
    await is(page, { page: "handset", link: "connected" });
    assert.equal(station.state.handset.label, "Kitchen");
    assert.equal(new URL(page.url()).hash, "");
    await picture(page, "idle");
    await page.reload();
    await is(page, { page: "handset", link: "connected" });
  })
));

test("a link that was used, is wrong or is broken says so, and pairs nothing", () => (
  withStation(browser, async (all) => {
    const { station, server } = all;
    const page = await offered(all);
    const told = {
      pairing_closed: "This link was used already, or its time is over.",
      bad_token: "The station does not accept this link.",
      something_new: "The station refused to pair (something_new).",
    };
    for (const [code, text] of Object.entries(told)) {
      station.answers.pair = () => ({ code });
      await button(page, "Pair").click();
      await page.waitForSelector(`#pairing-fault[data-code="${code}"]`);
      await page.getByText(text).waitFor();
    }
    await picture(page, "pairing-refused");
    server.cut();
    await button(page, "Pair").click();
    await page.getByText("The station cannot be reached.").waitFor();
    server.restore();
    await page.getByLabel("Name of this handset").fill("   ");
    await button(page, "Pair").click();
    await page.getByText("The name needs 1 to 64 characters.").waitFor();
    await page.goto(`${server.origin}/#pair=e30`);
    await page.getByText("This is not a whole pairing link.").waitFor();
    await page.goto(server.origin);
    await is(page, { page: "unpaired" });
    await picture(page, "unpaired");
  })
));

test("a station that cannot prove that it made the link is not believed", () => (
  withStation(browser, async (all) => {
    const page = await offered(all);
    all.station.token = "AAECAwQFBgcICQoLDA0ODw";
    await button(page, "Pair").click();
    await page.waitForSelector("#pairing-fault[data-code=untrusted]");
    await page.goto(all.server.origin);
    await is(page, { page: "unpaired" });
  })
));

test("a pairing whose answer was lost goes on under the same keys after a reload", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const keys = [];
    const link = station.pairingLink(all.server.origin);
    station.answers.pair = ({ call_key: key }) => {
      keys.push(key.x);
      return keys.length === 1 ? { code: "unavailable" } : undefined;
    };
    const page = await offered(all, link);
    await button(page, "Pair").click();
    await page.waitForSelector("#pairing-fault[data-code=unavailable]");
    await page.reload();
    await button(page, "Pair").click();
    await is(page, { page: "handset", link: "connected" });
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
  })
));

test("another link for the same station keeps this one handset, unless it was removed there", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const keys = [];
    const page = await paired(all);
    keys.push(station.handset.jwk.x);
    station.answers.pair = ({ call_key: key }) => { keys.push(key.x); };
    await page.goto(station.pairingLink(all.server.origin));
    await is(page, { page: "pairing" });
    await button(page, "Stay paired with Front door").waitFor();
    await button(page, "Pair").click();
    await is(page, { page: "handset", link: "connected" });
    station.answers.pair = ({ call_key: key }) => {
      keys.push(key.x);
      return keys.length === 3 ? { code: "revoked" } : undefined;
    };
    await page.goto(station.pairingLink(all.server.origin));
    await is(page, { page: "pairing" });
    await button(page, "Pair").click();
    await is(page, { page: "handset", link: "connected" });
    assert.equal(keys.length, 4);
    assert.deepEqual([keys[1] === keys[0], keys[2] === keys[0], keys[3] === keys[0]], [true, true, false]);
  })
));

test("a paired browser may leave a pairing link unused", () => (
  withStation(browser, async (all) => {
    const page = await paired(all);
    await page.goto(all.station.pairingLink(all.server.origin));
    await button(page, "Stay paired with Front door").click();
    await is(page, { page: "handset", link: "connected" });
    assert.equal(new URL(page.url()).hash, "");
  })
));
