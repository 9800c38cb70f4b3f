// SPDX-License-Identifier: MIT OR Apache-2.0
// A real browser. Each handset has a context of its own, as if it were a device of its own.

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { chromium } from "playwright-core";

const SCREENSHOTS = resolve(new URL("../../../../build/screenshots", import.meta.url).pathname);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"];
/** Answers every question for the microphone, and shows pages the machine's real addresses. */
const GRANTED = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];

export async function launch(test, { asksForMicrophone = false } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: asksForMicrophone ? FLAGS : [...FLAGS, ...GRANTED],
  });
  test.after(() => browser.close());
  return browser;
}

/** Its trouble is told when the test fails. */
export async function openPage(test, context, name) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => test.diagnostic(`${name}: ${error}`));
  page.on("console", (message) => {
    if (message.type() === "error") test.diagnostic(`${name}: ${message.text()}`);
  });
  return page;
}

export async function screenshot(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `e2e-${name}.png`), fullPage: true });
}
