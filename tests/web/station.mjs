// SPDX-License-Identifier: MIT OR Apache-2.0
// A station that says what a test tells it to say. It shares the envelope with the pages, which the
// wire vectors hold to the specification, and decides nothing by itself.
import { decode, encode } from "../../web/base64url.js";
import { Context } from "../../web/context.js";
import { open, readPayload, seal, split } from "../../web/envelope.js";
import { importPublicKey, randomBytes, thumbprint } from "../../web/keys.js";
import { contextName, pairedMac } from "../../web/proofs.js";

const newMid = () => encode(randomBytes(16));

export function aDoor(name, label, more = {}) {
  return { name, label, state: "closed", contact: "unknown", alarm: "normal", locked: false, ...more };
}

export const STATE = {
  name: "Front door",
  handset: { id: "h0123456789", label: "Kitchen", rights: ["answer", "preview"] },
  doors: [aDoor("house", "House door")],
};

export class ScriptedStation {
  connections = [];
  handset = null;
  token = null;
  state = structuredClone(STATE);
  answers = {};
  /** Whether it says so when it has nothing else to say. */
  acknowledges = true;
  /** Whether it was set up anew since it was paired. */
  isAnew = false;
  /** What went wrong while nobody waited for it. */
  faults = [];

  constructor(key) {
    this.key = key;
  }

  /** Whoever connected: `{ send(frame), close(code, reason) }`. Returns where frames go. */
  connected(peer) {
    const connection = new StationConnection(this, peer);
    this.connections.push(connection);
    return connection;
  }

  /** The newest one whose context is confirmed. */
  get current() {
    return this.connections.filter(({ isConfirmed }) => isConfirmed).at(-1);
  }

  pairingLink(origin) {
    this.token = encode(randomBytes(16));
    const { host } = new URL(origin);
    const link = {
      v: 1, name: this.state.name, key: this.key.thumbprint, pin: "", at: [host], token: this.token,
    };
    return `${origin}/#pair=${encode(new TextEncoder().encode(JSON.stringify(link)))}`;
  }

  say(t, b, re) {
    return this.current.say(t, b, re);
  }

  /** Tells how things stand, with these changes. */
  tell(changes) {
    Object.assign(this.state, changes);
    if (changes.call === null) delete this.state.call;
    return this.current?.say("state_is", this.state);
  }

  /** All that handsets said, in its order. */
  get heard() {
    return this.connections.flatMap(({ heard }) => heard);
  }

  heardOf(t) {
    return this.heard.filter((message) => message.t === t);
  }
}

class StationConnection {
  heard = [];
  isConfirmed = false;
  isClosed = false;
  context = null;
  #sending = Promise.resolve();
  #receiving = Promise.resolve();

  constructor(station, peer) {
    Object.assign(this, { station, peer });
  }

  receive(frame) {
    this.#receiving = this.#receiving.then(() => this.#take(frame));
    return this.#receiving;
  }

  closed() {
    this.isClosed = true;
    this.isConfirmed = false;
  }

  close(code, reason) {
    this.peer.close(code, reason);
    this.closed();
  }

  say(t, b, re) {
    return this.#send(this.context.numbers(t), t, b, re);
  }

  #send(numbers, t, b, re) {
    this.#sending = this.#sending.then(async () => {
      const { key, handset } = this.station;
      const payload = {
        v: 1, mid: newMid(), from: key.thumbprint, to: this.sender ?? handset.thumbprint,
        ...numbers, ...(re === undefined ? {} : { re }), t, b,
      };
      const frame = await seal(key, payload);
      if (!this.isClosed) this.peer.send(frame);
    });
    return this.#sending;
  }

  async #take(frame) {
    if (this.station.isAnew) return this.close(1008, "unknown_key");
    const { kid, payload } = split(frame);
    const claim = readPayload(payload);
    this.sender = kid;
    if (claim.t === "pair") await this.#pair(claim);
    const publicKey = await importPublicKey(this.station.handset.jwk);
    const sender = { thumbprint: this.station.handset.thumbprint, publicKey };
    const message = await open(frame, { sender, me: this.station.key.thumbprint });
    this.heard.push(message);
    if (message.t === "hello") await this.#welcome(message);
    else if (message.t !== "pair") await this.#converse(message);
  }

  async #pair({ mid, b }) {
    const none = { sx: "", seq: 0, ack: 0 };
    const refusal = this.station.answers.pair?.(b);
    if (refusal !== undefined) {
      this.station.handset ??= { jwk: b.call_key, thumbprint: await thumbprint(b.call_key) };
      await this.#send(none, "error", { detail: "", key: this.station.key.jwk, ...refusal }, mid);
      return;
    }
    const call = await thumbprint(b.call_key);
    this.station.handset = { jwk: b.call_key, thumbprint: call, action: b.action_key };
    const { id, rights } = this.station.state.handset;
    this.station.state.handset.label = b.label;
    const doors = this.station.state.doors.map(({ name }) => name);
    const mac = await pairedMac(decode(this.station.token), {
      station: this.station.key.thumbprint, call, handset: id,
    });
    const { label } = b;
    await this.#send(none, "pair_ok", {
      key: this.station.key.jwk, handset: id, label, rights, doors, mac,
    }, mid);
  }

  async #welcome({ mid, b }) {
    const denial = this.station.answers.hello?.(b);
    if (denial !== undefined) {
      await this.#send({ sx: "", seq: 0, ack: 0 }, "error", { detail: "", ...denial }, mid);
      return;
    }
    const nonce = randomBytes(16);
    this.context = new Context(await contextName(decode(b.n_h), nonce));
    await this.say("hello_ok", { n_h: b.n_h, n_d: encode(nonce), srv: "" }, mid);
  }

  async #converse(message) {
    if (this.context.received(message, 0) !== "new") return;
    const { t, mid, b } = message;
    if (t === "resume") {
      this.isConfirmed = true;
      await this.say("state_is", this.station.state, mid);
      return;
    }
    const answer = this.station.answers[t]?.(b, mid);
    if (Array.isArray(answer)) await this.say(...answer, mid);
    else if (this.station.acknowledges && t !== "ack") await this.say("ack", {});
  }
}
