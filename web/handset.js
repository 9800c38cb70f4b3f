// SPDX-License-Identifier: MIT OR Apache-2.0
// A paired handset at work: carries out what the reducer decided, and brings sound, microphone and
// notifications in line with the state after every step.

import {
  due, isInCall, isOnHold, nothing, reduce, rings, talks, wantsMicrophone,
} from "./calls.js";
import { Connection, Refused } from "./connection.js";
import { Doors } from "./door.js";
import { Media } from "./media.js";
import { Microphone, Silence, permission } from "./microphone.js";
import { refusal } from "./refusals.js";
import { Ring } from "./ring.js";
import * as words from "./words.js";

const TOLD_FOR = 6_000;
const APP = "intercomd browser handset";

/**
 * `on` has `changed()`, `revoked()`, `rang()` (it began to ring), `calmed()` (it is over) and
 * `stream(MediaStream or null)`.
 */
export class Handset {
  #state = nothing;
  #cancelDue = () => {};
  #cancelToast = () => {};
  #isStopped = false;
  #hasRung = false;
  #isMicrophoneWanted = false;
  link = { word: "connecting", since: null, why: null };
  doorProgress = new Map();
  microphoneState = "unknown";
  quality = null;
  toast = "";

  constructor({ record, publicKey, dial, clock, audio, on }) {
    Object.assign(this, { record, clock, on });
    const station = { publicKey, thumbprint: record.station.thumbprint };
    this.connection = new Connection({
      dial, clock, handset: record.call, station, app: APP,
      on: {
        state: (link) => this.#linked(link),
        heard: ({ t, b }) => this.#dispatch({ type: "said", t, b }),
        revoked: () => on.revoked(),
      },
    });
    this.doors = new Doors({
      request: (t, b) => this.connection.request(t, b),
      handset: record.call, action: record.action, station, clock,
      changed: (progress) => this.#set({ doorProgress: progress }),
    });
    this.media = new Media({
      ask: (cid, wants) => this.connection.request("connect", { cid, ...wants }),
      say: (t, b) => this.connection.notify(t, b),
      clock,
      on: {
        path: (cid, word, reason) => this.#dispatch({ type: "path", cid, word, reason }),
        tracks: (stream) => on.stream(stream),
        quality: (quality) => this.#set({ quality }),
      },
    });
    this.microphone = new Microphone((word) => {
      this.microphoneState = word;
      this.#follow();
    });
    this.silence = new Silence(audio);
    this.ring = new Ring(audio, clock);
  }

  async start(socket) {
    this.connection.start(socket);
    this.#set({ microphoneState: await permission() });
  }

  stop() {
    this.#isStopped = true;
    this.connection.stop();
    this.media.leave();
    this.microphone.close();
    this.silence.stop();
    this.ring.stop();
    this.#cancelDue();
  }

  get call() {
    return this.#state.call;
  }

  get station() {
    return this.#state.station;
  }

  get story() {
    return this.#state.story;
  }

  press(what, more = {}) {
    // Nobody wants to have answered a call that has no sound.
    if (what === "answer" && !Media.isPossible) return;
    this.#dispatch({ type: "pressed", what, ...more });
  }

  openDoor(name) {
    return this.doors.open(name, this.call?.cid ?? null);
  }

  /** Asks for leave to hear, without a call. */
  async tryMicrophone() {
    await this.microphone.open();
    if (!wantsMicrophone(this.call)) this.microphone.close();
  }

  networkChanged() {
    this.connection.wake();
    this.media.networkChanged();
  }

  /** Whether the station knows of it. */
  async unpair() {
    try {
      await this.connection.request("revoke", { handset: this.record.handset.id });
      return true;
    } catch {
      return false;
    }
  }

  #set(changes) {
    Object.assign(this, changes);
    this.on.changed();
  }

  #linked({ word, since, why }) {
    const at = since === null ? null : new Date(Date.now() - (this.clock.now() - since));
    this.#set({ link: { word, since: at, why } });
    this.#dispatch({ type: "link", isLinked: word === "connected" });
  }

  #dispatch(event) {
    // Answers still come in, if only that there are none.
    if (this.#isStopped) return;
    const [state, effects] = reduce(this.#state, {
      ...event, now: this.clock.now(), wall: new Date(),
    });
    const isNews = state.story[0] !== this.#state.story[0];
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (isNews && state.call === null) this.#tell(words.ending(state.story[0]));
    this.#follow();
  }

  #perform(effect) {
    switch (effect.do) {
      case "request": return this.#request(effect);
      case "notify": return this.connection.notify(effect.t, effect.b);
      case "want": return this.media.want(effect.cid);
      case "offer": return this.media.offer(effect);
      case "candidate": return this.media.candidate(effect);
      case "leave": return this.#leave();
      case "nudge": return this.ring.once();
      case "tell": return this.#tell(refusal(effect));
      default: throw new Error(`no effect ${effect.do}`);
    }
  }

  #request({ t, b }) {
    this.connection.request(t, b).then(
      (answer) => this.#dispatch({ type: "granted", t, b, answer: answer.b }),
      (refused) => {
        if (!(refused instanceof Refused)) throw refused;
        const { code, retryMs, answeredBy } = refused;
        this.#dispatch({ type: "refused", t, b, code, retryMs, answeredBy });
      },
    );
  }

  #leave() {
    this.connection.forget(({ t }) => ["answer", "ice", "closed", "ringing"].includes(t));
    this.media.leave();
  }

  #tell(text) {
    this.#cancelToast();
    this.#cancelToast = this.clock.after(TOLD_FOR, () => this.#set({ toast: "" }));
    this.#set({ toast: text });
  }

  #follow() {
    const { call } = this;
    this.#cancelDue();
    const moment = due(this.#state);
    if (moment !== null) {
      const left = moment - this.clock.now();
      this.#cancelDue = this.clock.after(left, () => this.#dispatch({ type: "time" }));
    }
    this.#followMicrophone(call);
    if (rings(call)) this.ring.start();
    else this.ring.stop();
    this.#announce(call);
    this.on.changed();
  }

  #followMicrophone(call) {
    const { microphone } = this;
    const isWanted = wantsMicrophone(call);
    // Once for each call: who said no is not asked again and again.
    if (isWanted && !this.#isMicrophoneWanted) microphone.open();
    if (!isWanted && this.#isMicrophoneWanted) microphone.close();
    this.#isMicrophoneWanted = isWanted;
    if (microphone.track !== null) microphone.track.enabled = talks(call);
    if (call === null) this.silence.stop();
    else this.media.send(microphone.track ?? this.silence.track);
  }

  #announce(call) {
    const hasRung = call?.phase === "ringing";
    if (hasRung === this.#hasRung) return;
    this.#hasRung = hasRung;
    if (hasRung) this.#set({ toast: "" });
    if (hasRung) this.on.rang();
    else this.on.calmed(this.story[0]?.status === "missed" && call === null);
  }

  /** What the visitor says is for whoever answered. */
  get isHeard() {
    return isInCall(this.call) && !isOnHold(this.call);
  }
}
