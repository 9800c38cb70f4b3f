// SPDX-License-Identifier: MIT OR Apache-2.0
// Three browsers, one visitor: the first to answer talks, whatever happens at the same time.

import assert from "node:assert/strict";
import { test } from "node:test";

import { launch } from "./support/chromium.mjs";
import { Handset } from "./support/handset.mjs";
import { Panel } from "./support/panel.mjs";
import { isTone } from "./support/sound.mjs";
import { STATION_TONE, Station } from "./support/station.mjs";
import { until } from "./support/wait.mjs";

const GOAL_MS = 200;
const ROUNDS = 12;

/** When the page's call became something else, on the clock that all pages of a machine share. */
function noteChanges() {
  globalThis.changes = [];
  new MutationObserver(() => {
    globalThis.changes.push({ call: document.body.dataset.call, at: performance.timeOrigin + performance.now() });
  }).observe(document.body, { attributes: true, attributeFilter: ["data-call"] });
}

async function pairThree(t, browser, panel) {
  const handsets = [];
  for (const [place, name] of ["Kitchen", "Study", "Attic"].entries()) {
    const handset = await Handset.pair(t, browser, panel, { name, tone: 1110 + 200 * place });
    await handset.page.evaluate(noteChanges);
    handsets.push(handset);
  }
  return handsets;
}

const changedAt = (handset, call) =>
  until(`${handset.name} is ${call}`, () =>
    handset.page.evaluate((call) => globalThis.changes.find((change) => change.call === call)?.at, call));

async function ring(panel, handsets) {
  for (const { page } of handsets) await page.evaluate(() => (globalThis.changes.length = 0));
  await panel.press("bell");
  await Promise.all(handsets.map((handset) => handset.call("ringing")));
}

test("one of three answers, and the others stop at once and say who it was", async (t) => {
  const browser = await launch(t);
  const station = await Station.start(t);
  const panel = await Panel.open(t, browser, station);
  const handsets = await pairThree(t, browser, panel);
  const [kitchen, study, attic] = handsets;

  await ring(panel, handsets);
  await panel.screenshot("6-three-ring");
  await study.click("answer");
  await study.call("ongoing");
  const pressed = await changedAt(study, "answering");
  for (const loser of [kitchen, attic]) {
    const stopped = (await changedAt(loser, "none")) - pressed;
    t.diagnostic(`${loser.name} stopped ${stopped.toFixed(0)} ms after the answer (goal ${GOAL_MS})`);
    assert.ok(stopped < 10 * GOAL_MS, `${stopped} ms`);
    assert.match(await loser.words(), /Study/);
  }
  await until("the winner hears the visitor", async () => isTone(await study.hears(STATION_TONE)));
  await kitchen.screenshot("8-elsewhere");
  await panel.screenshot("7-one-answered");
  await study.click("hangup");
  await panel.call("ended");

  await t.test("two answer in the same instant and exactly one wins, every time", async (t) => {
    const winners = new Map();
    for (let round = 0; round < ROUNDS; round += 1) {
      await ring(panel, handsets);
      // Whichever is told first, so that the order of telling decides nothing.
      const rivals = round % 2 ? [kitchen, attic] : [attic, kitchen];
      await Promise.all(rivals.map(({ page }) => page.evaluate(() => document.querySelector("#answer").click())));
      await panel.call("ongoing");
      await study.call("none");
      const talks = await until("one of the two is out", async () => {
        const calls = await Promise.all(rivals.map(({ page }) => page.evaluate(() => document.body.dataset.call)));
        return calls.includes("none") && rivals.filter((_, place) => calls[place] !== "none");
      });
      assert.equal(talks.length, 1, "exactly one talks");
      const [winner] = talks;
      await winner.call("ongoing");
      assert.match(await panel.callWords(), new RegExp(`Talking with ${winner.name}`));
      const loser = rivals.find((rival) => rival !== winner);
      assert.match(await loser.words(), new RegExp(winner.name));
      winners.set(winner.name, (winners.get(winner.name) ?? 0) + 1);
      await winner.click("hangup");
      await panel.call("ended");
    }
    t.diagnostic(`${ROUNDS} rounds won by ${[...winners].map(([name, times]) => `${name}: ${times}`).join(", ")}`);
  });
});
