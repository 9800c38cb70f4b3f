// SPDX-License-Identifier: MIT OR Apache-2.0
// What this handset knows of calls: state and event to state and effects. The station decides;
// what it says is how it is. Nothing here waits, reads a clock or touches the page.
//
// A call is `dialling` until the station gave it a number, `calling` while the panel rings,
// `ringing` while this handset rings, `answering` until the station says who won, `connecting`,
// `ongoing`, and `leaving` once this handset asked to be out of it.

const REMEMBERED = 20;
/** Without the station; its own usual grace time. */
const STAYS_FOR = 10_000;
/** PROTOCOL.md: a station that says more is broken. */
const RINGS_AT_MOST = 600_000;
const IN_CALL = ["connecting", "ongoing"];
/** What nothing else ends when the station is gone: a ring has its time, a request its answer. */
const MAY_BE_LEFT = ["calling", ...IN_CALL];
const OVER = [
  "ended", "busy", "rejected", "cancelled", "unanswered", "missed", "elsewhere", "failed",
];

/** `goneSince`: since when neither link nor media of the call reach the station. */
export const nothing = Object.freeze({
  station: null, isLinked: false, call: null, goneSince: null, story: Object.freeze([]),
});

export const rings = (call) => call?.phase === "ringing" && !call.isSilenced;
export const isInCall = (call) => IN_CALL.includes(call?.phase);
export const isOnHold = (call) => call.isHeld || call.isHeldByStation;
/** Whether the visitor may hear this handset. */
export const talks = (call) => isInCall(call)
  && !call.monitor && !call.isMuted && !isOnHold(call);
/** Whether this handset may be heard sooner or later, so the microphone is opened. */
export const wantsMicrophone = (call) => call !== null && !call.monitor
  && ["dialling", "calling", "answering", ...IN_CALL].includes(call.phase);
/** When the state changes by itself, or null. */
export function due({ call, goneSince }) {
  if (call?.phase === "ringing") return call.ringsUntil;
  // One that crossed a ring while dialling asked for nothing that could be answered.
  if (call?.phase === "answering") return call.ringsUntil + STAYS_FOR;
  return goneSince !== null && MAY_BE_LEFT.includes(call.phase) ? goneSince + STAYS_FOR : null;
}

/** `[state, effects]`. Every event has `now`, in milliseconds, and `wall`, a Date for the list. */
export function reduce(state, event) {
  const [next, effects] = HANDLERS[event.type](state, event);
  return [watched(next, event), effects];
}

function watched(state, { now }) {
  const isGone = state.call !== null && !state.isLinked && state.call.path.word !== "connected";
  const goneSince = isGone ? state.goneSince ?? now : null;
  return goneSince === state.goneSince ? state : { ...state, goneSince };
}

const HANDLERS = {
  said: (state, event) => (SAID[event.t] ?? unchanged)(state, event.b, event),
  pressed: (state, event) => PRESSED[event.what](state, event),
  granted: (state, event) => (GRANTED[event.t] ?? unchanged)(state, event),
  refused: (state, event) => (REFUSED[event.t] ?? unchanged)(state, event),
  path: (state, { cid, word, reason = null }) => (
    state.call?.cid === cid ? [withCall(state, { path: { word, reason } }), []] : [state, []]
  ),
  link: (state, { isLinked }) => [{ ...state, isLinked }, []],
  time(state, event) {
    const moment = due(state);
    if (moment === null || event.now < moment) return [state, []];
    const end = state.call.phase === "ringing"
      ? { status: "missed", reason: "missed" } : { status: "failed", reason: "station_gone" };
    return finish(state, event, { ...end, isGuess: true });
  },
};

// What the station says.
const SAID = {
  state_is(state, { call, ...station }, event) {
    const known = { ...state, station };
    if (call === undefined || OVER.includes(call.status)) return withoutCall(known, event);
    if (state.call !== null && concerns(state.call, call.cid)) return follow(known, call, event);
    // Whoever left does not find the microphone open again.
    return wasLeft(state, call) ? [known, [request("hangup", { cid: call.cid })]] : adopt(known, call, event);
  },

  ring(state, b, event) {
    const { call } = state;
    const ringing = { ...fresh(b.cid, "ringing"), ...describing(b, event) };
    const effects = [notify("ringing", { cid: b.cid }), { do: "want", cid: b.cid }];
    if (call === null) return [{ ...state, call: ringing }, effects];
    if (call.cid === b.cid) {
      const again = call.phase === "ringing" ? describing(b, event) : {};
      return [withCall(state, again), effects];
    }
    // The station takes a call from this side at that moment for an answer.
    if (call.phase === "dialling") {
      return [{ ...state, call: { ...ringing, phase: "answering" } }, effects];
    }
    if (call.phase !== "ringing" && call.phase !== "leaving") {
      return [state, [notify("busy", { cid: b.cid })]];
    }
    const [cleared, ended] = finish(state, event, unknownEnd(call));
    return [{ ...cleared, call: ringing }, [...ended, ...effects]];
  },

  nudge: (state, { cid }) => (rings(state.call) && state.call.cid === cid
    ? [state, [{ do: "nudge" }]]
    : ifCurrent(state, cid, "ringing", { isSilenced: false })),

  selected(state, { cid }) {
    if (state.call?.cid !== cid || state.call.phase === "leaving") return [state, []];
    const phase = state.call.phase === "ongoing" ? "ongoing" : "connecting";
    return [withCall(state, { phase }), [{ do: "want", cid }]];
  },

  held: (state, { cid, on }) => ifCurrent(state, cid, null, { isHeldByStation: on }),
  warning: (state, { cid, ends_ms: endsIn }, { now }) => (
    ifCurrent(state, cid, null, { endsAt: now + endsIn })
  ),
  offer: (state, b) => (isWanted(state.call, b.cid)
    ? [state, [{ do: "offer", ...b }]] : [state, []]),
  ice: (state, b) => (isWanted(state.call, b.cid)
    ? [state, [{ do: "candidate", ...b }]] : [state, []]),

  ended(state, { cid, status, reason, answered_by: answeredBy = null }, event) {
    const end = { status, reason, answeredBy, isGuess: false };
    if (state.call?.cid === cid) return finish(state, event, end);
    // Rang while nobody could say so, or was given up here before the station said why.
    const story = state.story.map((entry) => (
      entry.cid === cid && entry.isGuess ? { ...entry, ...end } : entry
    ));
    return [{ ...state, story }, []];
  },
};

// What the person does.
const PRESSED = {
  answer: (state) => ask(state, ["ringing"], "answering", "accept"),
  decline: (state) => ask(state, ["ringing"], "leaving", "reject"),
  hangup(state) {
    if (state.call?.phase === "dialling") return [withCall(state, { phase: "leaving" }), []];
    return ask(state, ["calling", "answering", ...IN_CALL], "leaving", "hangup");
  },
  silence: (state) => (
    rings(state.call) ? [withCall(state, { isSilenced: true }), []] : [state, []]
  ),
  mute: (state) => (
    state.call === null ? [state, []] : [withCall(state, { isMuted: !state.call.isMuted }), []]
  ),
  hold(state) {
    if (state.call?.phase !== "ongoing") return [state, []];
    const { cid, isHeld } = state.call;
    return [state, [request("hold", { cid, on: !isHeld })]];
  },
  call: (state, { media }) => dial(state, "talk", media),
  listen: (state, { media }) => dial(state, "monitor", media),
};

// What the station answers.
const GRANTED = {
  accept: (state, { b: { cid } }) => ifCurrent(state, cid, "answering", { phase: "connecting" }),
  reject: (state, event) => left(state, event, "rejected"),
  hangup: (state, event) => left(state, event, wasAnswered(state.call) ? "ended" : "cancelled"),
  hold: (state, { b: { cid, on } }) => ifCurrent(state, cid, null, { isHeld: on }),
  dial(state, { answer: { cid } }) {
    const { call } = state;
    if (call === null || !concerns(call, cid)) return [state, []];
    if (call.phase === "leaving") return [withCall(state, { cid }), [request("hangup", { cid })]];
    const asked = call.monitor ? "connecting" : "calling";
    const phase = call.phase === "dialling" ? asked : call.phase;
    return [withCall(state, { cid, phase }), [{ do: "want", cid }]];
  },
};

const REFUSED = {
  accept(state, event) {
    const { code, answeredBy = null, b: { cid }, now } = event;
    if (state.call?.cid !== cid || state.call.phase !== "answering") return [state, []];
    if (code === "answered") {
      const end = { status: "elsewhere", reason: "elsewhere", answeredBy, isGuess: true };
      return finish(state, event, end);
    }
    const isLive = now < state.call.ringsUntil && code !== "wrong_state" && code !== "not_found";
    if (isLive) return [withCall(state, { phase: "ringing" }), [tell(event)]];
    return andTell(finish(state, event, unknownEnd(state.call)), event);
  },
  reject: (state, event) => andTell(left(state, event, "rejected"), event),
  hangup: (state, event) => andTell(left(state, event, "ended"), event),
  hold: (state, event) => [state, [tell(event)]],
  dial(state, event) {
    const isOurs = state.call !== null && state.call.cid === null;
    return isOurs
      ? [{ ...state, call: null }, [{ do: "leave" }, tell(event)]] : [state, [tell(event)]];
  },
};

const unchanged = (state) => [state, []];
const request = (t, b) => ({ do: "request", t, b });
const notify = (t, b) => ({ do: "notify", t, b });
const tell = ({ t, code, retryMs = null, answeredBy = null }) => (
  { do: "tell", about: t, code, retryMs, answeredBy }
);
const andTell = ([state, effects], event) => [state, [...effects, tell(event)]];
const withCall = (state, changes) => ({ ...state, call: { ...state.call, ...changes } });
const concerns = (call, cid) => call.cid === cid || call.cid === null;
const isWanted = (call, cid) => call?.cid === cid && call.phase !== "leaving";
const wasAnswered = (call) => call?.talkingSince !== null;
const unknownEnd = () => ({ status: "ended", reason: "unknown", isGuess: true });

function fresh(cid, phase) {
  return {
    cid, phase, direction: "outgoing", contact: null, media: "video", monitor: false,
    ringsUntil: 0, isSilenced: false, isMuted: false, isHeld: false, isHeldByStation: false,
    endsAt: null, talkingSince: null, path: { word: "none", reason: null },
  };
}

function describing({ contact = null, media, ring_ms: ringMs }, { now }) {
  const time = ringMs === undefined ? {} : { ringsUntil: now + Math.min(ringMs, RINGS_AT_MOST) };
  return { contact, media, ...time };
}

function ifCurrent(state, cid, phase, changes) {
  const { call } = state;
  const isIt = call?.cid === cid && (phase === null || call.phase === phase);
  return isIt ? [withCall(state, changes), []] : [state, []];
}

function ask(state, phases, phase, t) {
  if (!phases.includes(state.call?.phase)) return [state, []];
  return [withCall(state, { phase }), [request(t, { cid: state.call.cid })]];
}

function dial(state, kind, media) {
  if (state.call !== null) return [state, []];
  const call = {
    ...fresh(null, "dialling"), direction: "incoming", media, monitor: kind === "monitor",
  };
  return [{ ...state, call }, [request("dial", { kind, media })]];
}

/** Whether this side ended it and the station has yet to hear so. */
const wasLeft = ({ story }, said) => phaseOf(said) !== "ringing"
  && story.some(({ cid, isGuess }) => cid === said.cid && isGuess);

/** The phase that a status of the station stands for, on this side. */
function phaseOf({ status, direction }) {
  if (IN_CALL.includes(status)) return status;
  return direction === "outgoing" ? "ringing" : "calling";
}

/** A call that the station knows and this page does not, as after a reload. */
function adopt(state, said, event) {
  const [cleared, effects] = state.call === null
    ? [state, []] : finish(state, event, unknownEnd(state.call));
  const call = {
    ...fresh(said.cid, phaseOf(said)), ...describing(said, event),
    direction: said.direction, monitor: said.monitor,
    talkingSince: said.status === "ongoing" ? event.now : null,
  };
  // Whether to ring is told by `ring`, which follows.
  const wants = call.phase === "ringing" ? [] : [{ do: "want", cid: said.cid }];
  return [{ ...cleared, call }, [...effects, ...wants]];
}

function follow(state, said, event) {
  const { call } = state;
  const phase = phaseOf(said);
  const isAhead = call.phase === "leaving" || (call.phase === "answering" && phase === "ringing");
  const talkingSince = call.talkingSince ?? (phase === "ongoing" ? event.now : null);
  const changes = {
    ...describing(said, event), cid: said.cid, monitor: said.monitor, direction: said.direction,
    talkingSince, ...(isAhead ? {} : { phase }),
  };
  const isNew = IN_CALL.includes(phase) && !IN_CALL.includes(call.phase) && !isAhead;
  return [withCall(state, changes), isNew ? [{ do: "want", cid: said.cid }] : []];
}

function withoutCall(state, event) {
  // Its number is on the way.
  if (state.call === null || state.call.cid === null) return [state, []];
  return finish(state, event, unknownEnd(state.call));
}

function left(state, event, status) {
  if (state.call?.cid !== event.b.cid) return [state, []];
  return finish(state, event, { status, reason: status, isGuess: true });
}

function finish(state, { now, wall }, end) {
  const { cid, contact, direction, monitor, talkingSince } = state.call;
  const lasted = talkingSince === null ? null : now - talkingSince;
  const entry = { cid, contact, direction, monitor, lasted, at: wall, answeredBy: null, ...end };
  const earlier = state.story.filter((other) => other.cid !== cid);
  const story = [entry, ...earlier].slice(0, REMEMBERED);
  return [{ ...state, call: null, story }, [{ do: "leave" }]];
}
