// SPDX-License-Identifier: MIT OR Apache-2.0
// The connection to the station that is always there or on its way back, and the requests that
// outlive a single socket.

import { Conversation, newMid } from "./conversation.js";

/** Of a WebSocket. */
const OPEN = 1;
const LONGEST_PAUSE = 30_000;
const STEADY_AFTER = 5_000;
const OPEN_WITHIN = 10_000;
const PROBED_WITHIN = 3_000;
const ANSWERED_WITHIN = 10_000;

/** What the station answers instead of `ok`, or what this side says when no answer comes. */
export class Refused extends Error {
  constructor({ code, detail = "", retry_ms: retryMs, answered_by: answeredBy }) {
    super(detail || code);
    this.name = "Refused";
    Object.assign(this, { code, retryMs, answeredBy });
  }
}

/**
 * `dial()` makes a socket. `on` has `state({ word, since, why })`, with the words `connecting`,
 * `connected`, `lost` and `stopped`, `heard(message)`, and `revoked()` if the station itself says so.
 */
export class Connection {
  #conversation = null;
  #opening = null;
  #attempt = 0;
  #since = null;
  #why = null;
  #outstanding = new Map();
  #cancelPause = () => {};
  #isStopped = true;

  constructor({ dial, clock, random = Math.random, handset, station, app, on }) {
    Object.assign(this, { dial, clock, random, handset, station, app, on });
  }

  /** With a socket that is open already, or a new one. */
  start(socket = null) {
    this.#isStopped = false;
    if (socket?.readyState === OPEN) this.#converse(socket);
    else this.#connect();
  }

  stop() {
    this.#isStopped = true;
    this.#cancelPause();
    this.#closeOpening();
    this.#conversation?.close("stopped");
    for (const { finish } of this.#outstanding.values()) finish(new Refused({ code: "stopped" }));
    this.#tell("stopped");
  }

  /** The network changed or somebody looks: now rather than after the pause. */
  wake() {
    if (this.#isStopped) return;
    if (this.#conversation !== null) this.#conversation.probe(PROBED_WITHIN);
    else if (this.#opening === null) this.#connect();
  }

  /** The answer, or `Refused`. Sent again in a new context if the connection is lost meanwhile. */
  request(t, b, within = ANSWERED_WITHIN) {
    return new Promise((resolve, reject) => {
      const mid = newMid();
      const finish = (outcome) => {
        if (!this.#outstanding.delete(mid)) return;
        cancel();
        if (outcome instanceof Refused) reject(outcome);
        else resolve(outcome);
      };
      const cancel = this.clock.after(within, () => finish(new Refused({ code: "no_answer" })));
      this.#say({ mid, t, b, finish, isRequest: true });
    });
  }

  /** Needs no answer; repeated until the station has it. */
  notify(t, b) {
    const mid = newMid();
    const finish = () => this.#outstanding.delete(mid);
    this.#say({ mid, t, b, finish, isRequest: false });
  }

  /** Notices that nobody needs any more, such as candidates of a session that is over. */
  forget(isObsolete) {
    for (const message of this.#outstanding.values()) {
      if (!message.isRequest && isObsolete(message)) message.finish();
    }
  }

  #say(message) {
    this.#outstanding.set(message.mid, message);
    this.#conversation?.say(message);
  }

  #connect() {
    this.#cancelPause();
    this.#attempt += 1;
    if (this.#since === null) this.#since = this.clock.now();
    this.#tell(this.#attempt === 1 ? "connecting" : "lost");
    const socket = this.dial();
    const tooLate = this.clock.after(OPEN_WITHIN, () => socket.close());
    this.#opening = { socket, tooLate };
    socket.onopen = () => {
      tooLate();
      this.#opening = null;
      this.#converse(socket);
    };
    socket.onerror = () => {};
    socket.onclose = () => {
      tooLate();
      this.#opening = null;
      this.#pause("unreachable");
    };
  }

  #closeOpening() {
    const opening = this.#opening;
    this.#opening = null;
    if (opening === null) return;
    opening.tooLate();
    opening.socket.onopen = null;
    opening.socket.onclose = null;
    opening.socket.close();
  }

  #converse(socket) {
    const { handset, station, clock, app } = this;
    let steady = () => {};
    const on = {
      confirmed: (stateIs) => {
        steady = clock.after(STEADY_AFTER, () => { this.#attempt = 0; });
        this.#since = null;
        this.#why = null;
        this.on.heard({ t: "state_is", b: stateIs });
        this.#tell("connected");
        for (const message of this.#outstanding.values()) this.#conversation.say(message);
      },
      heard: (message) => this.#heard(message),
      acknowledged: (mids) => {
        for (const mid of mids) {
          const message = this.#outstanding.get(mid);
          if (message?.isRequest === false) message.finish();
        }
      },
      over: (why, isSigned) => {
        steady();
        this.#conversation = null;
        if (isSigned && why === "revoked") this.on.revoked();
        else this.#pause(why);
      },
    };
    this.#conversation = new Conversation(socket, { handset, station, clock, app, on });
  }

  #heard(message) {
    const asked = message.re === undefined ? undefined : this.#outstanding.get(message.re);
    if (asked?.isRequest) {
      asked.finish(message.t === "error" ? new Refused(message.b) : message);
    }
    const isFarewell = message.t === "error" && message.b.code === "revoked";
    if (isFarewell) this.on.revoked();
    else this.on.heard(message);
  }

  #pause(why) {
    if (this.#isStopped) return;
    if (this.#since === null) this.#since = this.clock.now();
    this.#why = why;
    this.#tell("lost");
    this.#cancelPause();
    this.#cancelPause = this.clock.after(this.#nextPause(), () => this.#connect());
  }

  /** None, then 1 s, 2 s, 4 s … half of it by chance, so that a whole house does not come at once. */
  #nextPause() {
    if (this.#attempt === 0) return 0;
    const longest = Math.min(LONGEST_PAUSE, 1000 * 2 ** (this.#attempt - 1));
    return longest * (0.5 + this.random() / 2);
  }

  /** What ended the last connection still holds while the next one is tried. */
  #tell(word) {
    this.on.state({ word, since: this.#since, why: this.#why });
  }
}
