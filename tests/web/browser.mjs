// SPDX-License-Identifier: MIT OR Apache-2.0
// A real Chromium, a page of the handset in it, and what tests wait for.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

import "./unit/webcrypto.mjs";
import { ScriptedStation } from "./station.mjs";
import { serve } from "./server.mjs";
import { generateKey } from "../../web/keys.js";

export const PHONE = { width: 360, height: 640 };
export const DESK = { width: 1280, height: 800 };
const WITHIN = 20_000;
const SCREENSHOTS = new URL("../../build/screenshots/", import.meta.url).pathname;

/** `autoplay` is when pages may be heard: without that word, at once. */
export function launch(autoplay = "no-user-gesture-required") {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream", `--autoplay-policy=${autoplay}`,
    ],
  });
}

/** A station of its own for each test, and pages that may not outlive it. */
export async function withStation(browser, act, { context: options = {} } = {}) {
  const station = new ScriptedStation(await generateKey());
  const server = await serve(station);
  const context = await browser.newContext({ viewport: PHONE, ...options });
  context.setDefaultTimeout(WITHIN);
  const { faults } = station;
  context.on("weberror", (error) => faults.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !/WebSocket|net::/.test(message.text())) faults.push(message.text());
  });
  try {
    await act({ station, server, context, faults }).catch((error) => {
      throw new Error([error.message, ...faults].join("\nthe page reported: "), { cause: error });
    });
    if (faults.length > 0) throw new Error(`the page reported: ${faults.join("; ")}`);
  } finally {
    await context.close();
    await server.close();
  }
}

export async function paired({ station, server, context }) {
  const page = await context.newPage();
  await page.goto(station.pairingLink(server.origin));
  await page.getByLabel("Name of this handset").fill("Kitchen");
  await page.getByRole("button", { name: "Pair" }).click();
  await is(page, { page: "handset", link: "connected" });
  return page;
}

export const button = (page, name) => page.getByRole("button", { name, exact: true });

export const RING = { cid: 7, contact: "Flat 2", ring_ms: 45_000, media: "video" };
export const CALL = {
  cid: 7, status: "ringing", direction: "outgoing", contact: "Flat 2", media: "video",
  ring_ms: 45_000, monitor: false,
};

export async function ring({ station }, page, ring = RING) {
  await station.tell({ call: { ...CALL, media: ring.media } });
  await station.say("ring", ring);
  await is(page, { call: "ringing" });
}

export async function ringing(all) {
  const page = await paired(all);
  await ring(all, page);
  return page;
}

export function accepts(station, call = CALL) {
  station.answers.accept = () => {
    setTimeout(async () => {
      await station.say("selected", { cid: 7 });
      await station.tell({ call: { ...call, status: "ongoing" } });
    }, 0);
    return ["ok", {}];
  };
}

/** Waits until the page says so in its data attributes. */
export async function is(page, wanted) {
  const selector = Object.entries(wanted).map(([name, value]) => `[data-${name}="${value}"]`).join("");
  await page.waitForSelector(`body${selector}`, { state: "attached" });
}

export async function until(isTrue, what) {
  const end = Date.now() + WITHIN;
  while (!await isTrue()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

export async function picture(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}handset-${name}.png` });
}
