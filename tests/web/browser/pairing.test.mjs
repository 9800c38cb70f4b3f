// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { is, launch, paired, picture, withStation } from "../browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

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
