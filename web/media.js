// SPDX-License-Identifier: MIT OR Apache-2.0
// The media of the present call: asks for sessions, replaces them, and notices a path that died.

import { Quality } from "./quality.js";
import { Session } from "./session.js";

const LOOKS_EVERY = 2_000;
const HEALS_WITHIN = 2_000;
const ASKS_AGAIN_AFTER = 3_000;

/**
 * `ask(cid, wants)` asks for a session, `say(t, b)` tells the station, `on` has
 * `path(cid, word, reason)`, `tracks(stream or null)` and `quality(grade)`.
 */
export class Media {
  #cid = null;
  #session = null;
  #isAsked = false;
  #track = null;
  #cancelLook = () => {};
  #cancelRescue = () => {};

  static get isPossible() {
    return "RTCPeerConnection" in globalThis;
  }

  constructor({ ask, say, clock, on }) {
    Object.assign(this, { ask, say, clock, on });
  }

  /** A session of this call, if there is none yet. */
  want(cid) {
    if (this.#cid !== cid) this.leave();
    this.#cid = cid;
    const isLive = this.#session !== null && !this.#session.isOver;
    if (!isLive) this.#request();
  }

  leave() {
    this.#cid = null;
    this.#close();
    this.on.quality(null);
  }

  offer(offer) {
    if (!Media.isPossible) return;
    if (offer.cid !== this.#cid) this.want(offer.cid);
    if (this.#session !== null && offer.session <= this.#session.number) return;
    this.#close();
    this.#isAsked = false;
    const { cid, session } = offer;
    const on = {
      answer: (sdp) => this.say("answer", { cid, session, sdp }),
      candidate: (mline, candidate) => this.say("ice", { cid, session, mline, candidate }),
      path: (word, reason) => this.#path(cid, session, word, reason),
      tracks: (stream) => this.on.tracks(stream),
    };
    this.on.path(cid, "connecting", null);
    this.#session = new Session(offer, { track: this.#track, clock: this.clock, on });
    this.#look(new Quality());
  }

  candidate(candidate) {
    const { cid, session } = candidate;
    if (cid === this.#cid && session === this.#session?.number) this.#session.candidate(candidate);
  }

  /** What this side lets be heard from now on, in this session and the next. */
  send(track) {
    if (this.#track === track) return;
    this.#track = track;
    this.#session?.send(track).catch(() => {});
  }

  /** Another network: what was connected may be gone without a word. */
  networkChanged() {
    if (this.#cid !== null) this.#rescue();
  }

  statistics() {
    return this.#session?.statistics() ?? null;
  }

  #close() {
    this.#cancelLook();
    this.#cancelRescue();
    // Kept for its number, since an older offer may still be on its way.
    this.#session?.close();
    if (this.#cid === null) this.#session = null;
    this.#isAsked = this.#cid !== null && this.#isAsked;
    this.on.tracks(null);
  }

  #request() {
    if (this.#isAsked || this.#cid === null || !Media.isPossible) return;
    this.#isAsked = true;
    const cid = this.#cid;
    this.on.path(cid, "connecting", null);
    this.ask(cid, { video: decodable(), camera: false }).then(
      () => {
        // An answer without an offer after it is no session.
        this.#cancelRescue();
        this.#cancelRescue = this.clock.after(ASKS_AGAIN_AFTER, () => this.#askAgain(cid));
      },
      (refused) => {
        if (this.#cid !== cid) return;
        if (refused.code === "rate_limited") {
          this.#cancelRescue();
          const wait = refused.retryMs ?? ASKS_AGAIN_AFTER;
          this.#cancelRescue = this.clock.after(wait, () => this.#askAgain(cid));
          return;
        }
        this.#isAsked = false;
        this.on.path(cid, "failed", refused.code);
      },
    );
  }

  #askAgain(cid) {
    if (this.#cid !== cid || !this.#isAsked) return;
    this.#isAsked = false;
    this.#request();
  }

  #path(cid, session, word, reason) {
    if (word === "interrupted") this.#rescue();
    if (word === "connected") this.#cancelRescue();
    if (word === "failed") this.say("closed", { cid, session, reason });
    this.on.path(cid, word, reason);
    if (word === "lost") this.#request();
  }

  #rescue() {
    this.#cancelRescue();
    this.#cancelRescue = this.clock.after(HEALS_WITHIN, () => {
      if (this.#session?.word !== "connected") this.#request();
    });
  }

  #look(quality) {
    this.#cancelLook();
    this.#cancelLook = this.clock.after(LOOKS_EVERY, async () => {
      const session = this.#session;
      const grade = quality.grade(await session.statistics());
      if (session !== this.#session || session.isOver) return;
      this.on.quality(session.word === "connected" ? grade : null);
      this.#look(quality);
    });
  }
}

function decodable() {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs ?? [];
  const has = (type) => codecs.some(({ mimeType }) => mimeType.toLowerCase() === type);
  return [["vp8", "video/vp8"], ["h264", "video/h264"]]
    .filter(([, type]) => has(type)).map(([word]) => word);
}
