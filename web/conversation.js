// SPDX-License-Identifier: MIT OR Apache-2.0
// What is said over one connection, from `hello` until it closes: signatures, context, repeats.

import { encode } from "./base64url.js";
import { Context } from "./context.js";
import { Refusal, open, seal } from "./envelope.js";
import { readGreeting } from "./greeting.js";
import { randomBytes } from "./keys.js";
import { fault } from "./messages.js";

const CONFIRMED_WITHIN = 10_000;
const ASKS_AFTER_SILENCE = 20_000;

export const newMid = () => encode(randomBytes(16));

/** The station itself, and not merely somebody who closed the connection, said no. */
class Denied extends Error {
  constructor({ b }) {
    super("denied");
    this.code = typeof b.code === "string" ? b.code : "failed";
  }
}

/**
 * `socket` is open already. `on` has `confirmed(stateIs)`, `heard(message)`, `acknowledged(mids)`
 * and `over(why, isSigned)`, the last thing that is ever told.
 */
export class Conversation {
  #phase = { word: "opening", repeating: null };
  #sending = Promise.resolve();
  #receiving = Promise.resolve();
  #cancelTimer = () => {};
  #mids = new Map();
  #lastHeard;
  #deadline;

  constructor(socket, { handset, station, clock, app, on }) {
    Object.assign(this, { socket, handset, station, clock, on });
    this.#lastHeard = clock.now();
    this.#deadline = clock.now() + CONFIRMED_WITHIN;
    socket.onmessage = ({ data }) => this.#receive(data);
    // After what came before it.
    socket.onclose = ({ reason }) => {
      this.#receiving = this.#receiving.then(() => this.#end(reason || "closed"));
    };
    socket.onerror = () => {};
    this.#greet(app);
  }

  /** `{ mid, t, b }`; nothing is said before the context is confirmed, nor after the end. */
  say(message) {
    if (this.#phase.word === "confirmed") this.#send(message);
  }

  /** Asks for a sign of life: over if none comes within that time. */
  probe(within) {
    if (this.#phase.word !== "confirmed" || this.#deadline !== null) return;
    this.#deadline = this.clock.now() + within;
    this.#send({ mid: newMid(), t: "resume", b: {} });
    this.#schedule();
  }

  close(why, isSigned = false) {
    if (this.#phase.word === "over") return;
    this.socket.close();
    this.#end(why, isSigned);
  }

  #end(why, isSigned = false) {
    if (this.#phase.word === "over") return;
    this.#phase = { word: "over", repeating: null };
    this.#cancelTimer();
    this.on.over(why, isSigned);
  }

  #greet(app) {
    const [nonce, mid] = [randomBytes(16), newMid()];
    // It has no number of its own; this context only repeats it.
    const repeating = new Context("");
    this.#phase = { word: "greeting", nonce, mid, repeating };
    this.#send({ mid, t: "hello", b: { n_h: encode(nonce), srv: "", app } });
    this.#schedule();
  }

  #send({ mid, t, b }) {
    // One after the other: signing takes time, and numbers go out in their order.
    this.#sending = this.#sending.then(async () => {
      const { word, repeating } = this.#phase;
      if (word === "over") return;
      const isGreeting = word === "greeting";
      const numbers = isGreeting ? { sx: "", seq: 0, ack: 0 } : repeating.numbers(t);
      const [from, to] = [this.handset.thumbprint, this.station.thumbprint];
      const frame = await seal(this.handset, { v: 1, mid, from, to, ...numbers, t, b });
      if (this.#phase.word === "over") return;
      this.socket.send(frame);
      repeating.sent(isGreeting ? 1 : numbers.seq, frame, this.clock.now());
      if (numbers.seq > 0) this.#mids.set(numbers.seq, mid);
      this.#schedule();
    });
    this.#sending.catch(() => this.close("cannot_sign"));
  }

  #receive(data) {
    this.#receiving = this.#receiving.then(() => this.#take(data)).catch((error) => {
      const isKnown = error instanceof Refusal || error instanceof Denied;
      this.close(isKnown ? error.code : "failed", error instanceof Denied);
      if (!isKnown) throw error;
    });
  }

  async #take(data) {
    if (this.#phase.word === "over") return;
    if (typeof data !== "string") throw new Refusal("bad_header");
    const message = await open(data, { sender: this.station, me: this.handset.thumbprint });
    if (this.#phase.word === "over") return;
    const now = this.clock.now();
    this.#lastHeard = now;
    if (this.#phase.word === "greeting") await this.#takeGreeting(message, now);
    else if (message.sx === "" && message.t === "error") throw new Denied(message);
    else this.#takeNumbered(message, now);
    this.#schedule();
  }

  async #takeGreeting(message, now) {
    const context = await readGreeting(message, this.#phase, now);
    if (context === null) throw new Denied(message);
    const resume = newMid();
    this.#phase = { word: "resuming", resume, repeating: context };
    this.#send({ mid: resume, t: "resume", b: {} });
  }

  #takeNumbered(message, now) {
    const { repeating: context } = this.#phase;
    const freshness = context.received(message, now);
    if (freshness === "stale") throw new Refusal("stale");
    this.#acknowledged(context, message.ack);
    // What a newer station says more than this page knows is no reason to hang up.
    if (freshness === "seen" || fault(message) !== null) return;
    if (this.#phase.word === "resuming") this.#takeWhileResuming(message, context);
    else {
      this.#deadline = null;
      if (message.t !== "ack") this.on.heard(message);
    }
  }

  #takeWhileResuming(message, context) {
    if (message.re !== this.#phase.resume) return;
    if (message.t === "error") throw new Denied(message);
    if (message.t !== "state_is") return;
    this.#phase = { word: "confirmed", repeating: context };
    this.#deadline = null;
    this.on.confirmed(message.b);
  }

  #acknowledged(context, ack) {
    context.acknowledged(ack);
    const mids = [];
    for (const [seq, mid] of this.#mids) {
      if (seq > ack) continue;
      mids.push(mid);
      this.#mids.delete(seq);
    }
    if (mids.length > 0) this.on.acknowledged(mids);
  }

  #schedule() {
    this.#cancelTimer();
    if (this.#phase.word === "over") return;
    const due = [this.#phase.repeating.due(), this.#deadline, this.#silentAt()];
    const next = Math.min(...due.map((moment) => moment ?? Infinity));
    if (!Number.isFinite(next)) return;
    this.#cancelTimer = this.clock.after(next - this.clock.now(), () => this.#tick());
  }

  /** Pings are invisible here, so a connection that died quietly is found out by asking. */
  #silentAt() {
    const isWaiting = this.#phase.word === "confirmed" && this.#deadline === null;
    return isWaiting ? this.#lastHeard + ASKS_AFTER_SILENCE : null;
  }

  #tick() {
    const now = this.clock.now();
    const { repeating } = this.#phase;
    const isTooLate = this.#deadline !== null && this.#deadline <= now;
    if (isTooLate || repeating.isGivenUp(now)) return this.close("silent");
    for (const frame of repeating.repeats(now)) this.socket.send(frame);
    if (repeating.owesAcknowledgement(now)) this.#send({ mid: newMid(), t: "ack", b: {} });
    if ((this.#silentAt() ?? Infinity) <= now) this.probe(CONFIRMED_WITHIN);
    return this.#schedule();
  }
}
