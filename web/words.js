// SPDX-License-Identifier: MIT OR Apache-2.0
// What the page says, in one place and in whole sentences; refusals have one of their own.

import { isOnHold } from "./calls.js";
import { by, doorRefusal, sessionFault } from "./refusals.js";

export const BLOCKED = {
  insecure: {
    title: "This page is not secure",
    text: "Keys can only be kept on a page that came over https, or from this computer itself. "
      + "Open the station’s address with https:// in front.",
  },
  old: {
    title: "This browser cannot do it",
    text: "It lacks WebSocket, WebCrypto or a place to keep keys. A current Firefox, Chrome, Edge or Safari can.",
  },
  no_storage: {
    title: "This browser keeps nothing",
    text: "The keys of a handset must survive until tomorrow. Private windows and blocked site data "
      + "do not allow that: open the page in a normal window.",
  },
  other_tab: {
    title: "Open in another tab",
    text: "This handset rings in the tab where it was opened last, and only there.",
    act: "Use it here",
  },
  revoked: {
    title: "This handset was removed",
    text: "The station does not know it any more. To use it again, ask for a new pairing link.",
    act: "Forget the station",
  },
  failed: {
    title: "Something went wrong",
    text: "The page stopped where it should not have. Load it again.",
    act: "Load again",
  },
};

const LINK = {
  connecting: "Connecting…",
  connected: "Connected",
  stopped: "Not connected",
};

/** Whether whoever answers there says that it does not know this handset. Nobody signed that. */
export const isUnknown = ({ word, why }) => word === "lost" && (why === "unknown_key" || why === "revoked");

/** `since` is a Date. */
export function link({ word, since, why }) {
  if (word !== "lost") return by(LINK, word, "");
  if (isUnknown({ word, why })) return "Not paired any more";
  return since === null ? "Not reachable" : `Not reachable since ${clockTime(since)}`;
}

/** `busy` is what the station says of a call of others, if there is one. */
export function idleTitle({ word, why }, busy) {
  if (isUnknown({ word, why })) return "This station does not know this handset any more";
  if (word === "connecting") return "One moment…";
  if (word !== "connected") return "The station cannot be reached";
  if (busy === undefined) return "Nobody is at the door";
  return busy.by === undefined ? "The station is in another call" : `${busy.by} is talking to the visitor`;
}

const NO_WEBRTC = "This browser cannot make calls: it lacks WebRTC. Doors can be opened all the same.";

export function idleText({ word, why }, busy, hasCalls) {
  if (isUnknown({ word, why })) {
    return "It was set up anew, or somebody removed the handset. To pair again, ask for a new pairing link and open it here.";
  }
  if (word === "connecting") return "";
  if (word !== "connected") return "The bell cannot ring here until it is back. This page keeps trying.";
  if (hasCalls && busy !== undefined) return "This page can ring and call again when that is over.";
  return hasCalls ? "This page rings when somebody presses the bell. Leave it open." : NO_WEBRTC;
}

export function clockTime(date) {
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value) => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const TITLES = {
  dialling: () => "Calling…",
  calling: ({ name }) => `${name} rings`,
  ringing: () => "Somebody is at the door",
  answering: () => "Answering…",
  connecting: () => "Connecting…",
  ongoing: ongoingTitle,
  leaving: () => "Hanging up…",
};

/** What is true of who hears whom. */
function ongoingTitle({ call, microphone }) {
  if (call.isHeldByStation) return "The station put you on hold";
  if (call.isHeld) return "On hold";
  if (call.path.word !== "connected") return "No sound at the moment";
  if (call.monitor) return "You see and hear the door";
  if (call.isMuted) return "You are muted";
  return Object.hasOwn(MICROPHONE, microphone) ? "You hear the visitor" : "You are talking";
}

export function callTitle(call, name, microphone) {
  return TITLES[call.phase]({ call, name, microphone });
}

export function callText(call, now) {
  const whom = call.contact === null ? "" : `For ${call.contact}`;
  if (call.phase === "ringing" && call.isSilenced) return `${whom && `${whom}. `}Silenced on this handset.`;
  if (call.phase !== "ongoing") return whom;
  const left = call.endsAt === null ? "" : `, ends in ${duration(call.endsAt - now)}`;
  const unheard = call.isMuted || isOnHold(call) ? ", the visitor does not hear you" : "";
  return `${duration(now - call.talkingSince)}${left}${unheard}`;
}

const MICROPHONE = {
  denied: "The microphone is blocked for this page, so the visitor cannot hear you. Allow it in the browser’s address bar.",
  missing: "There is no microphone, so the visitor cannot hear you.",
  in_use: "Another program holds the microphone, so the visitor cannot hear you.",
  unplugged: "The microphone is gone, so the visitor cannot hear you.",
  unsupported: "This browser gives pages no microphone, so the visitor cannot hear you.",
};

/** The one thing that most needs saying during a call, or null. */
export function callWarning({ call, link: { word }, microphone, wantsMicrophone, hasCalls }) {
  if (!hasCalls) return NO_WEBRTC;
  const { path } = call;
  if (word === "lost" && path.word !== "connected") return "The station cannot be reached. The call ends soon if that lasts.";
  if (path.word === "failed") return sessionFault(path.reason);
  if (path.word === "lost" || path.word === "interrupted") {
    return "Sound and picture were lost. Connecting again…";
  }
  if (word === "lost") return "The connection to the station is interrupted. It is being restored.";
  return wantsMicrophone ? by(MICROPHONE, microphone, null) : null;
}

const QUALITY = {
  good: "Good connection",
  fair: "Fair connection",
  poor: "Poor connection",
  none: "Nothing arrives",
};

export const quality = (grade) => QUALITY[grade];

const RELAYS = { closed: "Closed", open: "Unlocked", held: "Held unlocked", locked: "Locked" };

/** What needs somebody; that it is locked down is told by its state. */
const DOOR_ALARMS = {
  forced_open: "Forced open!",
  open_too_long: "Open for too long",
  tamper: "Somebody tampered with the station",
  fault: "The lock does not answer",
};

export function door({ state, contact, alarm, locked }, progress, isConnected) {
  if (progress?.word === "asking") return "Opening…";
  if (progress?.word === "refused") return doorRefusal(progress);
  if (!isConnected) return "Not known at the moment";
  const isOpen = contact === "open";
  if (alarm === "forced_open" || alarm === "open_too_long") return DOOR_ALARMS[alarm];
  if (Object.hasOwn(DOOR_ALARMS, alarm)) return isOpen ? `Open. ${DOOR_ALARMS[alarm]}` : DOOR_ALARMS[alarm];
  if (isOpen) return locked ? "Open, though locked" : "Open";
  if (state === "open" || state === "held") return RELAYS[state];
  if (progress?.word === "opened") return "Opened";
  return locked ? RELAYS.locked : RELAYS[state];
}

const FAILURES = {
  ice_failed: "no way for sound was found",
  ice_timeout: "sound took too long to connect",
  bad_description: "station and handset could not agree on sound and picture",
  untrusted: "somebody else answered in the place of the station",
  media_timeout: "sound was lost and did not come back",
  no_user_media: "there was no microphone",
  out_of_resources: "the station had no room for it",
  privacy: "the station cannot show that somebody listens",
  transport_lost: "the connection to the station was lost",
  session_timeout: "the connection to the station was lost",
  worker_crashed: "the station’s sound stopped working",
  no_handset: "nobody was there to ring",
  unreachable: "this handset could not be reached",
  revoked: "this handset was removed",
  interrupted: "the station was restarted",
};

/** How a call went, for the list and for the ear. */
export function ending(entry) {
  const { status, reason, answeredBy, direction, lasted } = entry;
  const talked = lasted === null ? null : duration(lasted);
  if (reason === "station_gone") return "The station cannot be reached; the call has ended";
  if (status === "failed") return `Failed: ${by(FAILURES, reason, "nobody knows why")}`;
  if (reason === "do_not_disturb") return "Do not disturb is on at the station";
  if (reason === "answered_at_door") return "Somebody opened the door";
  if (status === "ended" && reason === "max_duration") return `Talked for ${talked}, which is the longest allowed`;
  if (status === "ended") return talked === null ? "Over" : `Talked for ${talked}`;
  const table = direction === "incoming" ? OUR_CALLS : THEIR_CALLS;
  return by(table, status, () => "Over")(answeredBy, reason);
}

const THEIR_CALLS = {
  missed: (_, reason) => (reason === "cancelled" ? "Missed: the visitor gave up" : "Missed"),
  elsewhere: (answeredBy) => (answeredBy === null ? "Answered elsewhere" : `${answeredBy} answered`),
  rejected: () => "You declined",
  cancelled: () => "The visitor gave up",
  busy: () => "This handset was in another call",
  unanswered: () => "Nobody answered",
};

const OUR_CALLS = {
  busy: () => "The station is in another call",
  rejected: () => "Declined at the station",
  cancelled: () => "You hung up before anybody came",
  unanswered: () => "Nobody came to the station",
  missed: () => "Nobody came to the station",
  elsewhere: () => "Somebody else is in the call",
};

export const TOGGLES = {
  mute: { off: "Mute", on: "Unmute" },
  hold: { off: "Hold", on: "Resume" },
};

export const READY = {
  microphone: {
    unknown: "Microphone, so that the visitor hears you",
    denied: "The microphone is blocked. Allow it in the browser’s address bar.",
    missing: "No microphone was found",
    in_use: "Another program holds the microphone",
    unplugged: "The microphone is gone",
    unsupported: "This browser gives pages no microphone: you would see and hear, and not be heard",
  },
  notifications: {
    default: "Notifications, to see the bell behind other windows",
  },
  sound: {
    locked: "Sound: browsers stay silent until you touch the page",
  },
};

const PERMISSIONS = {
  granted: "allowed", denied: "blocked", default: "not asked yet", unknown: "not asked yet",
  unsupported: "not possible here", missing: "none found", in_use: "used by another program",
  unplugged: "gone",
};

export const permission = (word) => by(PERMISSIONS, word, word);

const RIGHTS = {
  answer: "answer and call",
  preview: "see the visitor before answering",
  monitor: "look and listen",
  admin: "administer",
};

export function rights(words, doors) {
  const may = words.map((word) => by(RIGHTS, word, word));
  if (doors.length > 0) may.push(`open ${doors.map(({ label }) => label).join(", ")}`);
  return may.length === 0 ? "nothing" : may.join("; ");
}
