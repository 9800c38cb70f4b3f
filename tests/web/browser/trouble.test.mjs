// SPDX-License-Identifier: MIT OR Apache-2.0
// Whatever can go wrong on the way to a call has words, and most of it a way out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { RING, button, is, launch, paired, picture, until, withStation } from "../browser.mjs";
import { aDoor } from "../station.mjs";
import { giveMedia } from "../station-media.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

async function ringing(all) {
  const page = await paired(all);
  await all.station.say("ring", RING);
  await is(page, { call: "ringing" });
  return page;
}

async function blocked(page, code) {
  await is(page, { page: "blocked" });
  await page.waitForSelector(`#page-blocked[data-code="${code}"]`);
}

test("a browser without a microphone talks to nobody, but sees, hears and opens", () => (
  withStation(browser, async (all) => {
    const { context, station } = all;
    const faults = ["NotAllowedError", "NotFoundError", "NotReadableError"];
    const told = ["The microphone is blocked", "There is no microphone", "Another program holds"];
    await context.addInitScript(() => {
      if (navigator.mediaDevices === undefined) return;
      navigator.mediaDevices.getUserMedia = () => (
        Promise.reject(new DOMException("", sessionStorage.getItem("fault")))
      );
    });
    const media = await giveMedia(browser, station);
    const page = await paired(all);
    for (const [at, fault] of faults.entries()) {
      await page.evaluate((name) => sessionStorage.setItem("fault", name), fault);
      station.answers.accept = () => ["ok", {}];
      await station.say("ring", { ...RING, cid: at });
      await is(page, { call: "ringing" });
      await button(page, "Answer").click();
      await is(page, { call: "connecting", path: "connected" });
      await page.locator("#call-warning").getByText(told[at]).waitFor();
      if (at === 0) await picture(page, "no-microphone");
      await station.say("ended", { cid: at, status: "ended", reason: "ended" });
      await is(page, { call: "none" });
    }
    await media.close();
  })
));

test("a call without a way for its media says why", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.answers.connect = () => ["error", { code: "unavailable", detail: "" }];
    const page = await ringing(all);
    await is(page, { path: "failed" });
    await page.getByText("The station has no sound or picture now.").waitFor();
    await station.say("ended", { cid: 7, status: "failed", reason: "worker_crashed" });
    await page.getByText("Failed: the station’s sound stopped working").first().waitFor();
    station.answers.connect = ({ cid }) => {
      station.say("offer", { cid, session: 1, sdp: "this is no description", ice: [] });
      return ["ok", {}];
    };
    await station.say("ring", { ...RING, cid: 8 });
    await until(() => station.heardOf("closed").length > 0, "a report");
    assert.deepEqual(station.heardOf("closed")[0].b, { cid: 8, session: 1, reason: "bad_description" });
    await is(page, { path: "failed" });
    await page.getByText("could not agree on sound and picture").waitFor();
    await picture(page, "no-media");
  })
));

test("a browser without WebRTC rings and opens doors all the same", () => (
  withStation(browser, async (all) => {
    const { context, station } = all;
    await context.addInitScript(() => { delete window.RTCPeerConnection; });
    const page = await ringing(all);
    await page.getByText("This browser cannot make calls").first().waitFor();
    assert.equal(station.heardOf("connect").length, 0);
    assert.equal(await button(page, "Answer").isVisible(), false);
  })
));

test("a page that is not secure says what to do", () => (
  withStation(browser, async ({ context, server }) => {
    await context.addInitScript(() => {
      Object.defineProperty(window, "isSecureContext", { value: false });
    });
    const page = await context.newPage();
    await page.goto(server.origin);
    await blocked(page, "insecure");
    await picture(page, "insecure");
  })
));

test("a browser that keeps nothing says so", () => (
  withStation(browser, async ({ context, server }) => {
    await context.addInitScript(() => {
      indexedDB.open = () => { throw new DOMException("", "SecurityError"); };
    });
    const page = await context.newPage();
    await page.goto(server.origin);
    await blocked(page, "no_storage");
  })
));

test("a handset that is removed at the station says so and forgets it", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const page = await paired(all);
    await station.say("error", { code: "revoked", detail: "" });
    await blocked(page, "revoked");
    await picture(page, "revoked");
    await button(page, "Forget the station").click();
    await is(page, { page: "unpaired" });
    await page.reload();
    await is(page, { page: "unpaired" });
  })
));

test("a station that was set up anew does not know this handset, which says so and can forget it", () => (
  withStation(browser, async (all) => {
    const { station, server } = all;
    const page = await paired(all);
    station.isAnew = true;
    server.cut();
    server.restore();
    await page.getByRole("heading", { name: "This station does not know this handset any more" }).waitFor();
    assert.equal(await page.locator("#link-text").textContent(), "Not paired any more");
    assert.equal(await page.locator("main").getByText("cannot be reached").count(), 0);
    assert.deepEqual(await Promise.all(["#dial", "#doors"].map((what) => page.locator(what).isVisible())), [false, false]);
    await picture(page, "unknown");
    const tries = station.connections.length;
    await until(() => station.connections.length > tries, "another try: nobody signed that");
    await button(page, "Forget the old pairing").waitFor();
    station.isAnew = false;
    await is(page, { link: "connected" });
    await page.getByRole("heading", { name: "Nobody is at the door" }).waitFor();
    station.isAnew = true;
    server.cut();
    server.restore();
    await button(page, "Forget the old pairing").click();
    await is(page, { page: "unpaired" });
    station.isAnew = false;
    await page.goto(station.pairingLink(server.origin));
    await button(page, "Pair").click();
    await is(page, { page: "handset", link: "connected" });
  })
));

test("removing this handset asks once more, tells the station and forgets the keys", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.answers.revoke = () => ["ok", {}];
    const page = await paired(all);
    await button(page, "Settings").click();
    await picture(page, "settings");
    await button(page, "Remove this handset…").click();
    assert.equal(station.heardOf("revoke").length, 0);
    await button(page, "Remove it").click();
    await is(page, { page: "unpaired" });
    assert.deepEqual(station.heardOf("revoke").map(({ b }) => b), [{ handset: "h0123456789" }]);
  })
));

test("a ring closes the settings", () => (
  withStation(browser, async (all) => {
    const page = await paired(all);
    await button(page, "Settings").click();
    await all.station.say("ring", RING);
    await is(page, { call: "ringing" });
    assert.equal(await page.locator("#settings").evaluate(({ open }) => open), false);
  })
));

test("only one tab is the handset, and the other can become it", () => (
  withStation(browser, async (all) => {
    const { context, server, station } = all;
    const first = await paired(all);
    const second = await context.newPage();
    await second.goto(server.origin);
    await blocked(second, "other_tab");
    await picture(second, "other-tab");
    await button(second, "Use it here").click();
    await is(second, { page: "handset", link: "connected" });
    await blocked(first, "other_tab");
    await station.say("ring", RING);
    await is(second, { call: "ringing" });
    await button(first, "Use it here").click();
    await is(first, { page: "handset", link: "connected" });
    await blocked(second, "other_tab");
    await second.waitForFunction(() => !document.title.startsWith("●"));
    await first.close();
    await is(second, { page: "handset", link: "connected" });
  })
));

test("a station that is away comes back by itself", () => (
  withStation(browser, async (all) => {
    const { server } = all;
    const page = await paired(all);
    server.cut();
    await is(page, { link: "lost" });
    await page.getByText(/^Not reachable since/).waitFor();
    await page.getByRole("heading", { name: "The station cannot be reached" }).waitFor();
    assert.equal(await button(page, "Call the station").isDisabled(), true);
    server.restore();
    await is(page, { link: "connected" });
  })
));

test("names from the wire are text and nothing else", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const page = await paired(all);
    const nasty = "<img src=x onerror=document.body.dataset.hit=1>";
    await station.tell({
      name: nasty, doors: [aDoor("house", nasty, { locked: true })],
    });
    await station.say("ring", { ...RING, contact: nasty });
    await is(page, { call: "ringing" });
    await page.locator("#call-text").getByText(`For ${nasty}`).waitFor();
    await station.say("ended", { cid: 7, status: "elsewhere", reason: "elsewhere", answered_by: nasty });
    await page.getByText(`${nasty} answered`).first().waitFor();
    assert.equal(await page.locator("img").count(), 0);
  })
));

test("a page that nobody has touched yet sends silence, and asks to be touched so that it may ring", async () => {
  const quiet = await launch("document-user-activation-required");
  try {
    await withStation(quiet, async (all) => {
      const { station } = all;
      const media = await giveMedia(quiet, station);
      await paired(all).then((page) => page.close());
      await until(() => station.current === undefined, "the first page to be gone");
      const page = await all.context.newPage();
      await page.goto(all.server.origin);
      // Asked of the station: Playwright's questions to a page count as touching it.
      await until(() => station.current !== undefined, "the second page");
      await page.locator("#ready-sound").getByText("browsers stay silent").waitFor();
      await picture(page, "sound-locked");
      await station.say("ring", RING);
      await is(page, { call: "ringing", path: "connected" });
      await until(async () => await media.packets() > 20, "silence from the handset");
      await station.say("ended", { cid: 7, status: "missed", reason: "cancelled" });
      await is(page, { call: "none" });
      await page.locator("#ready-sound").getByRole("button").click();
      await page.locator("#ready-sound").waitFor({ state: "hidden" });
      await media.close();
    });
  } finally {
    await quiet.close();
  }
});
