// SPDX-License-Identifier: MIT OR Apache-2.0
// What is to be seen on which screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESK, accepts, button, is, launch, paired, picture, ring, withStation } from "../browser.mjs";
import { aDoor } from "../station.mjs";
import { giveMedia } from "../station-media.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const SIZES = [[360, 640], [320, 568], [640, 360], [1280, 800]];

/** Of these buttons, those that are not wholly to be seen without scrolling. */
async function outside(page, ...names) {
  const { width, height } = page.viewportSize();
  const isInside = ({ x, y, ...box }) => x >= 0 && y >= 0 && x + box.width <= width && y + box.height <= height;
  const boxes = await Promise.all(names.map(async (name) => [name, await button(page, name).boundingBox()]));
  return boxes.filter(([, box]) => !isInside(box));
}

for (const [width, height] of SIZES) {
  test(`nobody has to scroll to answer or to hang up on ${width} × ${height}`, () => (
    withStation(browser, async (all) => {
      const { station } = all;
      const media = await giveMedia(browser, station);
      accepts(station);
      station.state.doors = ["House", "Garden", "Garage", "Cellar", "Roof", "Shed"].map((label) => aDoor(label.toLowerCase(), label));
      const page = await paired(all);
      await page.getByRole("button", { name: "Open Shed" }).scrollIntoViewIfNeeded();
      await ring(all, page);
      await is(page, { picture: "shown" });
      await picture(page, `${width}x${height}-ringing`);
      assert.deepEqual(await outside(page, "Decline", "Answer", "Silence this handset"), []);
      await button(page, "Answer").click();
      await is(page, { call: "ongoing", path: "connected" });
      assert.deepEqual(await outside(page, "Hang up", "Mute", "Hold"), []);
      await picture(page, `${width}x${height}-ongoing`);
      station.answers.connect = () => ["error", { code: "unavailable", detail: "" }];
      await media.page.evaluate(() => window.station.hangUp());
      await page.getByText("The station has no sound or picture now.").waitFor();
      assert.deepEqual(await outside(page, "Hang up", "Mute", "Hold"), []);
      assert.equal(await page.evaluate(() => document.body.scrollWidth > window.innerWidth), false);
      await picture(page, `${width}x${height}-trouble`);
      await media.close();
    }, { context: { viewport: { width, height } } })
  ));
}

test("everything fits on a small phone and on a desk, light and dark", async () => {
  const looks = [
    ["phone-dark", { colorScheme: "dark" }],
    ["desk", { viewport: DESK }],
    ["desk-dark", { viewport: DESK, colorScheme: "dark" }],
  ];
  for (const [name, context] of looks) {
    await withStation(browser, async (all) => {
      const media = await giveMedia(browser, all.station);
      accepts(all.station);
      const page = await paired(all);
      await picture(page, `${name}-idle`);
      await ring(all, page);
      await is(page, { picture: "shown" });
      await picture(page, `${name}-ringing`);
      const box = await button(page, "Answer").boundingBox();
      const { height } = page.viewportSize();
      assert.ok(box.y + box.height <= height, `Answer is at ${box.y} of ${height}`);
      assert.equal(await page.evaluate(() => document.body.scrollWidth > window.innerWidth), false);
      await button(page, "Answer").click();
      await is(page, { call: "ongoing" });
      await picture(page, `${name}-ongoing`);
      await media.close();
    }, { context });
  }
});
