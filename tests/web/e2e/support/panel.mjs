// SPDX-License-Identifier: MIT OR Apache-2.0
// The simulated panel page, as a person uses it.

import { openPage, screenshot } from "./chromium.mjs";

export class Panel {
  static async open(test, browser, station) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await openPage(test, context, "panel");
    await page.goto(station.panel);
    await page.waitForSelector("body[data-live=yes] [data-button=bell]");
    return new Panel(page);
  }

  constructor(page) {
    this.page = page;
  }

  async press(button) {
    await this.page.locator(`[data-button=${button}]`).press("Enter");
  }

  /** The link that the panel's own button makes. */
  async pairingLink() {
    const pairing = await this.page.waitForSelector("#pairing[data-pairing]");
    if ((await pairing.getAttribute("data-pairing")) === "closed") await this.page.click("#pairing .main");
    return this.page.locator("#pairing a").getAttribute("href");
  }

  async pairingIsUsed() {
    await this.page.waitForSelector("#pairing[data-pairing=closed]");
  }

  async call(status) {
    await this.page.waitForSelector(`#call[data-call=${status}]`);
  }

  callReason() {
    return this.page.locator("#call").getAttribute("data-reason");
  }

  callWords() {
    return this.page.locator("#call").innerText();
  }

  /** What the page says one should do next. */
  async step(number) {
    await this.page.waitForSelector(`#steps li:nth-child(${number})[data-now]`);
  }

  level(meter) {
    return this.page.locator(`#${meter}`).getAttribute("aria-valuenow").then(Number);
  }

  async relay(active) {
    await this.page.waitForSelector(`[data-door=front][data-relay=${active}]`);
  }

  async screenshot(name) {
    await screenshot(this.page, `panel-${name}`);
  }
}
