// SPDX-License-Identifier: MIT OR Apache-2.0
// The page of a paired handset: buttons and keys in, model out.

import { element } from "./elements.js";
import { Focus } from "./focus.js";
import { Handset } from "./handset.js";
import { Media } from "./media.js";
import { Notices } from "./notices.js";
import { Screen } from "./screen.js";
import { Settings } from "./settings.js";
import { render } from "./view.js";
import * as words from "./words.js";

const FLASHES_EVERY = 1_000;
const PRESSES = ["answer", "decline", "hangup", "silence", "mute", "hold"];

export class HandsetPage {
  #ringsSince = null;
  #flash = false;
  #isDue = false;
  #hasPicture = false;
  #listeners = new AbortController();

  constructor({ record, publicKey, dial, clock, base, forget, revoked }) {
    Object.assign(this, { record, clock, base, forget });
    this.audio = new AudioContext();
    this.notices = new Notices();
    this.screen = new Screen();
    this.focus = new Focus(clock);
    this.handset = new Handset({
      record, publicKey, dial, clock, audio: this.audio,
      on: {
        changed: () => this.#changed(),
        revoked,
        rang: () => this.#rang(),
        calmed: (isMissed) => this.#calmed(isMissed),
        stream: (stream) => this.#play(stream),
      },
    });
    this.settings = new Settings({
      ring: () => this.handset.ring.once(),
      unpair: () => this.#unpair(),
    });
    this.#listen();
    this.ticks = setInterval(() => this.#tick(), FLASHES_EVERY);
  }

  start(socket) {
    this.notices.prepare();
    this.#unlockSound();
    return this.handset.start(socket);
  }

  stop() {
    this.#listeners.abort();
    clearInterval(this.ticks);
    this.handset.stop();
    this.notices.clear();
    this.settings.close();
    this.screen.keepOn(false);
    this.audio.close();
  }

  #listen() {
    const { signal } = this.#listeners;
    const on = (target, event, act) => target.addEventListener(event, act, { signal });
    const click = (id, act) => on(element(id), "click", act);
    for (const what of PRESSES) click(what, () => this.handset.press(what));
    click("dial", () => this.handset.press("call", { media: "video" }));
    click("listen", () => this.handset.press("listen", { media: "video" }));
    click("forget", () => this.forget());
    click("settings-open", () => this.settings.open());
    click("door-list", ({ target }) => {
      const door = target.closest("button")?.closest("li")?.dataset.door;
      if (door !== undefined) this.handset.openDoor(door);
    });
    click("ready", ({ target }) => this.#prepare(target.dataset.act));
    on(document, "keydown", (event) => this.#key(event));
    for (const gesture of ["pointerdown", "keydown"]) on(document, gesture, () => this.#unlockSound());
    on(document, "visibilitychange", () => !document.hidden && this.#shown());
    on(window, "online", () => this.handset.networkChanged());
    if (navigator.connection) on(navigator.connection, "change", () => this.handset.networkChanged());
    on(this.audio, "statechange", () => this.#changed());
    on(element("visitor"), "loadeddata", () => this.#pictureIs(true));
  }

  #shown() {
    this.handset.connection.wake();
    this.screen.shown();
  }

  #key(event) {
    if (!this.focus.isMeant(event)) {
      const presses = event.target.matches("button") && (event.key === "Enter" || event.key === " ");
      if (presses) event.preventDefault();
      return;
    }
    const isOurs = !event.defaultPrevented && this.handset.call?.phase === "ringing"
      && !this.settings.dialog.open;
    if (!isOurs) return;
    if (event.target === document.body) this.focus.move("ringing");
    // A button in focus does what it says.
    const isFree = event.target === document.body || event.target === element("call-title");
    if (event.key === "Escape") this.handset.press("decline");
    else if (event.key === "Enter" && isFree) {
      // What has the focus after this is not pressed by the same key.
      event.preventDefault();
      this.handset.press("answer");
    }
  }

  async #prepare(what) {
    if (what === "microphone") await this.handset.tryMicrophone();
    if (what === "notifications") await this.notices.ask();
    if (what === "sound") await this.#unlockSound();
    this.#changed();
  }

  /** Browsers let a page be heard only after somebody touched it. */
  #unlockSound() {
    if (this.audio.state === "running" || this.audio.state === "closed") return undefined;
    return this.audio.resume().catch(() => {});
  }

  #rang() {
    this.#ringsSince = this.clock.now();
    this.settings.close();
    const title = "Somebody is at the door";
    const { call } = this.handset;
    const whom = call.contact === null ? "" : ` For ${call.contact}.`;
    element("announcement").textContent = `${title}.${whom} Enter answers, Escape declines.`;
    if (document.hidden || !document.hasFocus()) {
      this.notices.show(title, `${this.#name()}.${whom}`, true);
    }
    // Not a moment later: what is hidden takes no focus.
    this.#render();
    this.focus.move("ringing");
    // Whoever looked further down sees who is there, and what to press.
    window.scrollTo(0, 0);
  }

  #calmed(isMissed) {
    this.#ringsSince = null;
    element("announcement").textContent = "";
    this.notices.clear();
    if (isMissed && document.hidden) {
      this.notices.show("Missed", `Somebody was at the door. ${this.#name()}.`, false);
    }
  }

  #play(stream) {
    for (const id of ["visitor", "far"]) {
      const player = element(id);
      if (player.srcObject !== stream) player.srcObject = stream;
    }
    if (stream === null) this.#pictureIs(false);
  }

  #pictureIs(hasPicture) {
    this.#hasPicture = hasPicture;
    this.#changed();
  }

  #tick() {
    this.#flash = this.#ringsSince !== null && !this.#flash;
    if (this.handset.call !== null) this.#changed();
  }

  async #unpair() {
    await this.handset.unpair();
    await this.forget();
  }

  #name() {
    return this.handset.station?.name ?? this.record.station.name;
  }

  #changed() {
    if (this.#isDue || this.#listeners.signal.aborted) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#listeners.signal.aborted) this.#render();
    });
  }

  #render() {
    const { handset, record } = this;
    const model = {
      ...this.base, page: "handset",
      call: handset.call, link: handset.link, station: handset.station, story: handset.story,
      name: record.station.name, now: this.clock.now(), toast: handset.toast,
      doors: handset.doorProgress, quality: handset.quality, hasPicture: this.#hasPicture,
      microphone: handset.microphoneState, notifications: this.notices.permission,
      sound: this.audio.state === "running" ? "ready" : "locked",
      hasCalls: Media.isPossible, title: this.#title(),
    };
    this.focus.over(() => render(model), handset.call?.phase ?? "none");
    this.settings.render({
      ...model, label: record.handset.label, stationName: record.station.name,
      isConnected: handset.link.word === "connected",
    });
    element("far").muted = !handset.isHeard;
    this.screen.keepOn(handset.call !== null);
  }

  #title() {
    if (this.#ringsSince !== null && this.#flash) return "● Somebody is at the door";
    return this.#name();
  }
}
