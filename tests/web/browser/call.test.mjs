// SPDX-License-Identifier: MIT OR Apache-2.0
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import {
  CALL, RING, accepts, button, is, launch, paired, picture, ring, ringing, until, withStation,
} from "../browser.mjs";
import { giveMedia } from "../station-media.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A microphone whose tone is known, in place of whatever the machine has. */
function toneAsMicrophone() {
  if (navigator.mediaDevices === undefined) return;
  navigator.mediaDevices.getUserMedia = async () => {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const out = audio.createMediaStreamDestination();
    tone.frequency.value = 1000;
    tone.connect(out);
    tone.start();
    // After whoever waits for it.
    setTimeout(() => { window.isMicrophoneOpen = true; }, 0);
    [window.microphone] = out.stream.getTracks();
    return out.stream;
  };
}

/** A page that rings, with a microphone and the station's media, at a station that lets it answer. */
async function ringingWithMedia(all) {
  await all.context.addInitScript(toneAsMicrophone);
  const media = await giveMedia(browser, all.station);
  accepts(all.station);
  return { media, page: await ringing(all) };
}

/** The same, answered. */
async function talking(all) {
  const { media, page } = await ringingWithMedia(all);
  await button(page, "Answer").click();
  await is(page, { call: "ongoing", path: "connected" });
  await hearsTheHandset(media);
  return { media, page };
}

const hearsTheHandset = (media) => (
  until(async () => Math.abs(await media.tone() - 1000) < 12, "the handset's tone")
);

test("the visitor is seen while it rings, and heard both ways after the answer", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const { media, page } = await ringingWithMedia(all);
    station.answers.hangup = () => ["ok", {}];
    await is(page, { path: "connected", picture: "shown" });
    await picture(page, "ringing");
    const isMuted = () => page.locator("#far").evaluate(({ muted }) => muted);
    assert.equal(await isMuted(), true);
    await until(async () => await media.packets() > 20, "silence from the handset");
    assert.equal(await media.tone(), null);
    assert.deepEqual(station.heardOf("ringing").map(({ b }) => b), [{ cid: 7 }]);

    await button(page, "Answer").click();
    await is(page, { call: "ongoing" });
    await hearsTheHandset(media);
    assert.equal(await isMuted(), false);
    await page.waitForSelector("#quality:not([hidden])");
    await picture(page, "ongoing");

    await button(page, "Mute").click();
    await until(async () => await media.tone() === null, "silence after muting");
    const before = await media.packets();
    await until(async () => await media.packets() > before, "packets all the same");
    await button(page, "Unmute").waitFor();
    await picture(page, "muted");

    await button(page, "Hang up").click();
    await is(page, { call: "none", path: "none" });
    await page.locator("#story-list").getByText("Talked for").waitFor();
    await picture(page, "ended");
    await media.close();
  })
));

test("a new session takes the place of one that was lost, in the same call", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const { media, page } = await talking(all);
    await media.offer(7);
    await until(async () => station.heardOf("answer").length === 2, "a second answer");
    await is(page, { call: "ongoing", path: "connected" });
    await until(async () => await media.packets() > 20, "sound in the new session");
    await hearsTheHandset(media);
    await media.close();
  })
));

test("after the path is lost the handset asks for a new session by itself", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const { media, page } = await talking(all);
    await media.page.evaluate(() => window.station.hangUp());
    await until(() => station.heardOf("connect").length === 2, "another request for a session");
    await is(page, { call: "ongoing", path: "connected" });
    await media.close();
  })
));

test("a call goes on by its media alone, and ends with a closed microphone when those are gone too", () => (
  withStation(browser, async (all) => {
    const { station, server } = all;
    const { media, page } = await talking(all);
    server.cut();
    await is(page, { link: "lost" });
    await page.locator("#call-warning").getByText("It is being restored").waitFor();
    const before = await media.packets();
    await until(async () => await media.packets() > before + 50, "sound without a link");
    await is(page, { call: "ongoing", path: "connected" });

    await media.page.evaluate(() => window.station.hangUp());
    await page.locator("#call-warning").getByText("The call ends soon if that lasts").waitFor();
    await picture(page, "station-gone");
    await is(page, { call: "none" });
    await page.locator("#toast").getByText("The station cannot be reached; the call has ended").waitFor();
    assert.equal(await page.evaluate(() => window.microphone.readyState), "ended");
    server.restore();
    await is(page, { link: "connected" });
    await until(() => station.heardOf("hangup").length > 0, "the station to be told");
    await is(page, { call: "none" });
    await media.close();
  })
));

test("a microphone that opens while the session is being set up is heard in it", () => (
  withStation(browser, async (all) => {
    await all.context.addInitScript(() => {
      const { setRemoteDescription } = RTCPeerConnection.prototype;
      const released = new Promise((resolve) => { window.release = resolve; });
      RTCPeerConnection.prototype.setRemoteDescription = async function held(description) {
        window.isHeld = true;
        await released;
        return setRemoteDescription.call(this, description);
      };
    });
    const { media, page } = await ringingWithMedia(all);
    await page.waitForFunction(() => window.isHeld);
    await button(page, "Answer").click();
    await is(page, { call: "ongoing" });
    await page.waitForFunction(() => window.isMicrophoneOpen);
    await page.evaluate(() => window.release());
    await hearsTheHandset(media);
    await media.close();
  })
));

test("another handset's answer ends the ring and is told", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const page = await ringing(all);
    await station.say("ended", {
      cid: 7, status: "elsewhere", reason: "elsewhere", answered_by: "Hall phone",
    });
    await is(page, { call: "none" });
    await page.locator("#story-list [data-status=elsewhere]").getByText("Hall phone answered").waitFor();
    await station.tell({ call: null, busy: { by: "Hall phone" } });
    await page.getByRole("heading", { name: "Hall phone is talking to the visitor" }).waitFor();
    await picture(page, "elsewhere");
    delete station.state.busy;
    await station.tell({});
    await page.getByRole("heading", { name: "Nobody is at the door" }).waitFor();
  })
));

test("whoever is a moment too late learns who was first", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.answers.accept = () => ["error", { code: "answered", detail: "", answered_by: "Hall phone" }];
    const page = await ringing(all);
    await button(page, "Answer").click();
    await is(page, { call: "none" });
    await page.getByText("Hall phone answered").first().waitFor();
  })
));

test("declining tells the station", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    station.answers.reject = () => ["ok", {}];
    const page = await ringing(all);
    await button(page, "Decline").click();
    await is(page, { call: "none" });
    assert.deepEqual(station.heardOf("reject").map(({ b }) => b), [{ cid: 7 }]);
    await page.getByText("You declined").first().waitFor();
  })
));

test("a ring ends by itself and is listed as missed, though the station is gone", () => (
  withStation(browser, async (all) => {
    const { server } = all;
    const page = await paired(all);
    await ring(all, page, { ...RING, ring_ms: 3_000 });
    server.cut();
    await is(page, { link: "lost" });
    await is(page, { call: "none" });
    await page.locator("#story-list [data-missed=true]").waitFor();
    await picture(page, "unreachable");
    server.restore();
    await is(page, { link: "connected" });
  })
));

test("the bell is in the title and in a notification while another page is in front", () => (
  withStation(browser, async (all) => {
    const { context, server } = all;
    await context.grantPermissions(["notifications"], { origin: server.origin });
    await context.addInitScript(() => {
      window.shown = [];
      window.Notification = class {
        static permission = "granted";

        constructor(title, { body }) { window.shown.push(`${title}: ${body}`); }

        close() { window.shown.push("closed"); }
      };
      // Notifications of a service worker cannot be seen from here.
      delete Navigator.prototype.serviceWorker;
      Object.defineProperty(document, "hidden", { get: () => true });
    });
    const page = await ringing(all);
    await page.waitForFunction(() => document.title.startsWith("●"));
    await page.waitForFunction(() => window.shown.length === 1);
    assert.deepEqual(await page.evaluate(() => window.shown), ["Somebody is at the door: Front door. For Flat 2."]);
    await all.station.say("ended", { cid: 7, status: "missed", reason: "cancelled" });
    await is(page, { call: "none" });
    await page.waitForFunction(() => document.title === "Front door" && window.shown.includes("closed"));
  })
));

test("a handset calls the station", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const incoming = { ...CALL, direction: "incoming", contact: undefined };
    delete incoming.contact;
    station.answers.dial = () => ["ok", { cid: 7 }];
    const media = await giveMedia(browser, station);
    const page = await paired(all);
    await button(page, "Call the station").click();
    await is(page, { call: "calling" });
    await page.getByRole("heading", { name: "Front door rings" }).waitFor();
    await picture(page, "calling");
    await station.say("selected", { cid: 7 });
    await station.tell({ call: { ...incoming, status: "ongoing" } });
    await is(page, { call: "ongoing", path: "connected" });
    await station.say("ended", { cid: 7, status: "ended", reason: "max_duration" });
    await page.getByText("the longest allowed").first().waitFor();
    await media.close();
  })
));

test("a station that is busy or not to be disturbed says so", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    const page = await paired(all);
    station.answers.dial = () => ["error", { code: "busy", detail: "" }];
    await button(page, "Call the station").click();
    await page.locator("#toast").getByText("The station is in another call.").waitFor();
    await is(page, { call: "none" });
    station.answers.dial = () => ["ok", { cid: 8 }];
    await button(page, "Call the station").click();
    await is(page, { call: "calling" });
    await station.say("ended", { cid: 8, status: "rejected", reason: "do_not_disturb" });
    await page.getByText("Do not disturb is on").first().waitFor();
  })
));

test("holding waits for the station, and its end is announced before it comes", () => (
  withStation(browser, async (all) => {
    const { station } = all;
    accepts(station);
    station.answers.hold = () => ["ok", {}];
    const page = await ringing(all);
    await button(page, "Answer").click();
    await is(page, { call: "ongoing" });
    await button(page, "Hold").click();
    await page.getByRole("heading", { name: "On hold", exact: true }).waitFor();
    await page.locator("#call-text").getByText("the visitor does not hear you").waitFor();
    await button(page, "Resume").click();
    await until(() => station.heardOf("hold").length === 2, "the end of the hold");
    assert.deepEqual(station.heardOf("hold").map(({ b }) => b.on), [true, false]);
    await station.say("warning", { cid: 7, ends_ms: 30_000 });
    await page.getByText(/ends in 0:/).waitFor();
  })
));
