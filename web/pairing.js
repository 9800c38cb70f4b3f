// SPDX-License-Identifier: MIT OR Apache-2.0
// From a pairing link to a station that knows this handset, and is known by it.

import { decode, decodeExactly } from "./base64url.js";
import { LARGEST_UNCONFIRMED, Refusal, open, seal, split } from "./envelope.js";
import { parseBytes } from "./json.js";
import { generateKey, importPublicKey, isPublicJwk, thumbprint } from "./keys.js";
import { fault } from "./messages.js";
import { newMid } from "./conversation.js";
import { pairMac, pairedMac } from "./proofs.js";
import { bytes, either, listOf, object, text, word } from "./shape.js";

const OPENS_WITHIN = 10_000;
/** The last is what is waited for in the end. */
const REPEATED_AFTER = [1_000, 2_000, 4_000, 4_000];
const PREFIX = "#pair=";

const isLink = object({
  v: word(1),
  name: text,
  key: bytes(32),
  pin: either(word(""), bytes(32)),
  at: listOf(text),
  token: bytes(16),
});

/** Why it did not work, by a code of the specification or one of our own. */
export class PairingFault extends Error {
  constructor(code) {
    super(code);
    this.name = "PairingFault";
    this.code = code;
  }
}

export function isPairingLink(hash) {
  return hash.startsWith(PREFIX);
}

export function readLink(hash) {
  const json = isPairingLink(hash) ? decode(hash.slice(PREFIX.length)) : null;
  let link;
  try {
    link = json === null ? null : parseBytes(json);
  } catch {
    link = null;
  }
  if (!isLink(link)) throw new PairingFault("bad_link");
  return link;
}

/** What one attempt consists of. It is kept before it is made, so a reload can go on with it. */
export async function newAttempt(link) {
  const [call, action] = await Promise.all([generateKey(), generateKey()]);
  return { token: link.token, mid: newMid(), call, action };
}

/** Under the keys that the station knows already, so that it stays one handset. */
export function anotherAttempt(link, { call, action }) {
  return { token: link.token, mid: newMid(), call, action };
}

export async function pairFrame(attempt, link, label) {
  const { call, action, mid } = attempt;
  const mac = await pairMac(decodeExactly(link.token, 16), {
    station: link.key, call: call.thumbprint, action: action.thumbprint, srv: "",
  });
  const b = { label, call_key: call.jwk, action_key: action.jwk, srv: "", mac };
  return seal(call, {
    v: 1, mid, from: call.thumbprint, to: link.key, sx: "", seq: 0, ack: 0, t: "pair", b,
  });
}

/** `pair_ok` or `error`, from the station that the link is for. */
export async function readAnswer(frame, attempt, link) {
  const answer = await openAnswer(frame, attempt, link);
  const isAnswer = answer.re === attempt.mid && answer.sx === "" && answer.seq === 0
    && ["pair_ok", "error"].includes(answer.t);
  if (!isAnswer) throw new Refusal("stale");
  const broken = fault(answer);
  if (broken !== null) throw new Refusal(broken);
  if (answer.t === "pair_ok") await checkMac(answer.b, attempt, link);
  return answer;
}

async function checkMac({ handset, mac }, attempt, link) {
  const good = await pairedMac(decodeExactly(link.token, 16), {
    station: link.key, call: attempt.call.thumbprint, handset,
  });
  if (mac !== good) throw new Refusal("bad_token");
}

/** What is to be kept. */
function paired({ t, b }, attempt, link) {
  if (t === "error") throw new PairingFault(b.code);
  return {
    station: { jwk: b.key, thumbprint: link.key, name: link.name },
    handset: { id: b.handset, label: b.label },
    call: attempt.call,
    action: attempt.action,
  };
}

/** The answer brings the station's key along, and the link says which one that must be. */
async function openAnswer(frame, attempt, link) {
  const { kid, payload } = split(frame, LARGEST_UNCONFIRMED);
  const key = claimedKey(payload);
  if (kid !== link.key || key === null || await thumbprint(key) !== kid) {
    throw new Refusal("unknown_key");
  }
  const publicKey = await importPublicKey(key).catch(() => {
    throw new Refusal("unknown_key");
  });
  const sender = { thumbprint: kid, publicKey };
  return open(frame, { sender, me: attempt.call.thumbprint, largest: LARGEST_UNCONFIRMED });
}

function claimedKey(payload) {
  try {
    const { b } = parseBytes(payload);
    return isPublicJwk(b.key) ? b.key : null;
  } catch {
    return null;
  }
}

/** Over a socket that is not open yet, which stays open when it worked. */
export function pair(socket, { attempt, link, label, clock }) {
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const settle = (act, outcome) => {
      cancel();
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      act(outcome);
    };
    const give = (code) => {
      settle(reject, new PairingFault(code));
      socket.close();
    };
    const repeat = (frame, [pause, ...pauses]) => {
      socket.send(frame);
      cancel = clock.after(pause, () => (
        pauses.length === 0 ? give("no_answer") : repeat(frame, pauses)
      ));
    };
    cancel = clock.after(OPENS_WITHIN, () => give("unreachable"));
    socket.onerror = () => {};
    socket.onclose = () => give("unreachable");
    socket.onopen = () => {
      cancel();
      pairFrame(attempt, link, label)
        .then((frame) => repeat(frame, REPEATED_AFTER), () => give("failed"));
    };
    socket.onmessage = ({ data }) => {
      readAnswer(data, attempt, link).then((answer) => paired(answer, attempt, link)).then(
        (record) => settle(resolve, record),
        (error) => give(error instanceof PairingFault ? error.code : "untrusted"),
      );
    };
  });
}
