// SPDX-License-Identifier: MIT OR Apache-2.0
// Why something was refused, in words: every code that a station may say.

export const by = (table, code, otherwise) => (Object.hasOwn(table, code) ? table[code] : otherwise);

const NOT_UNDERSTOOD = "The station and this page do not understand each other. Load the page again";

/** Every code of the protocol; what was asked may have better words for some. */
const CODES = {
  too_large: "That was too long for the station",
  bad_header: NOT_UNDERSTOOD,
  unknown_key: "The station does not know this handset",
  revoked: "This handset was removed at the station",
  bad_signature: NOT_UNDERSTOOD,
  bad_payload: NOT_UNDERSTOOD,
  wrong_recipient: "Another station answered",
  stale: NOT_UNDERSTOOD,
  unknown_message: NOT_UNDERSTOOD,
  bad_body: NOT_UNDERSTOOD,
  not_allowed: "This handset may not do that",
  pairing_closed: "This link was used already, or its time is over. Ask for a new one",
  bad_token: "The station does not accept this link. Ask for a new one",
  wrong_state: "That is not possible now",
  not_found: "The station knows nothing of that any more",
  busy: "The station is in another call",
  answered: "Somebody else answered",
  rate_limited: "Too often. Wait a moment",
  locked: "It is locked and stays shut",
  tampered: "Locked: somebody tampered with the station",
  relay_fault: "The lock does not answer",
  bad_challenge: "It took too long. Try again",
  bad_endpoint: "The station sends no pushes there",
  unavailable: "The station cannot do that now",
  no_answer: "The station does not answer",
  stopped: "Not connected to the station",
};

const refused = (code) => by(CODES, code, `The station refused (${code})`);

/** Why the station did not do what was asked. */
export function refusal({ about, code, answeredBy }) {
  if (code === "answered" && answeredBy !== null) return `${answeredBy} answered.`;
  if (code === "not_found") return "That call is over.";
  if (about === "reject" && code === "no_answer") return "Silenced here; the station could not be told.";
  return `${refused(code)}.`;
}

const PAIRING = {
  bad_link: "This is not a whole pairing link. Copy it again, or scan the code once more.",
  bad_label: "The name needs 1 to 64 characters.",
  untrusted: "Whoever answered is not the station that this link is for. Nothing was paired.",
  unreachable: "The station cannot be reached. Are you in the same network?",
  no_answer: "The station does not answer. Try again.",
  cannot_keep: "This browser cannot keep the keys of a handset. Leave private browsing or make room for it, then try again.",
  failed: "This browser cannot make the keys of a handset. Try another one.",
  too_large: "The station refused this message as too long. Choose a shorter name.",
  rate_limited: "Too many tries. Wait a minute and try again.",
};

export function pairingFault(code) {
  const why = by(CODES, code, `The station refused to pair (${code})`);
  return by(PAIRING, code, `${why}.`);
}

const SESSION_FAULTS = {
  no_user_media: "Without a microphone there is no sound.",
  untrusted: "Whoever answered is not the station, so there is no sound and no picture.",
  ice_failed: "No way was found for sound and picture between this handset and the station.",
  ice_timeout: "Sound and picture took too long to connect.",
  bad_description: "The station and this browser could not agree on sound and picture.",
  out_of_resources: "The station cannot take another connection now.",
  unavailable: "The station has no sound or picture now.",
  not_allowed: "This handset may not see the visitor before answering.",
};

export function sessionFault(code) {
  const why = by(CODES, code, `There is no sound and no picture (${code})`);
  return by(SESSION_FAULTS, code, `${why}.`);
}

const DOOR_REFUSALS = {
  not_allowed: "This handset may not open it",
  not_found: "The station has no such door any more",
  rate_limited: "Opened too often",
  wrong_state: "Not now",
  stopped: "Not connected",
  unavailable: "The station cannot open it now",
};

/** What became of opening a door. */
export function doorRefusal({ code, retryMs }) {
  const why = by(DOOR_REFUSALS, code, refused(code));
  return retryMs === undefined ? why : `${why}. Try again in ${wait(retryMs)}`;
}

function wait(milliseconds) {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return seconds === 1 ? "a second" : `${seconds} seconds`;
}
