// SPDX-License-Identifier: MIT OR Apache-2.0
// The page of a pairing link: a name, a click, done.

import { element } from "./elements.js";
import { PairingFault, anotherAttempt, newAttempt, pair, readLink } from "./pairing.js";
import { label as isLabel } from "./shape.js";
import { render } from "./view.js";

export class PairingPage {
  #isOver = false;
  #state = { fault: null, isBusy: false };

  constructor({ vault, clock, dial, record, base, done }) {
    Object.assign(this, { vault, clock, dial, record, base, done });
    try {
      this.link = readLink(window.location.hash);
    } catch (error) {
      this.link = null;
      this.#state.fault = error.code;
    }
    element("label").value = record?.handset.label ?? suggestion();
    element("page-pairing").onsubmit = (event) => {
      event.preventDefault();
      this.#pair(element("label").value.trim());
    };
    element("pairing-keep").onclick = () => done(null);
    this.#set({});
    element("label").select();
  }

  stop() {
    this.#isOver = true;
    element("page-pairing").onsubmit = null;
  }

  async #pair(label) {
    if (this.#state.isBusy) return;
    if (this.link === null) return;
    if (!isLabel(label)) return this.#set({ fault: "bad_label" });
    this.#set({ isBusy: true, fault: null });
    try {
      await this.#exchange(label);
    } catch (error) {
      this.#set({ isBusy: false, fault: error instanceof PairingFault ? error.code : "cannot_keep" });
    }
  }

  async #exchange(label) {
    const { vault, link, clock } = this;
    const kept = await vault.read("attempt");
    const first = kept?.token === link.token ? kept : await this.#firstAttempt();
    const over = async (attempt) => {
      // Kept before it is used: a page loaded again in between goes on with the same keys.
      await vault.write("attempt", attempt);
      const socket = this.dial();
      return { socket, record: await pair(socket, { attempt, link, label, clock }) };
    };
    const { socket, record } = await over(first).catch(async (error) => {
      // Removed at the station since, so the old keys are worth nothing.
      if (error.code !== "revoked") throw error;
      return over(await newAttempt(link));
    });
    await vault.write("paired", record);
    await vault.remove("attempt");
    // Without it a browser short of space may forget the keys.
    await navigator.storage?.persist?.();
    if (!this.#isOver) await this.done(socket);
  }

  #firstAttempt() {
    const { link, record } = this;
    return record?.station.thumbprint === link.key
      ? anotherAttempt(link, record) : newAttempt(link);
  }

  #set(changes) {
    if (this.#isOver) return;
    Object.assign(this.#state, changes);
    const name = this.link?.name ?? "a station";
    const keeps = this.record?.station.name ?? null;
    render({
      ...this.base, page: "pairing", name: this.link?.name, title: `Pair with ${name}`,
      pairing: { name, keeps, ...this.#state },
    });
  }
}

function suggestion() {
  const agent = navigator.userAgent;
  const kinds = [["iPhone", /iPhone/], ["iPad", /iPad/], ["Android phone", /Android.*Mobile/],
    ["Android tablet", /Android/], ["Mac", /Macintosh/], ["Windows computer", /Windows/]];
  return kinds.find(([, pattern]) => pattern.test(agent))?.[0] ?? "This browser";
}
