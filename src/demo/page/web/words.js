// SPDX-License-Identifier: MIT OR Apache-2.0
// The station's words, as people say them.

const STATUS = {
  initiated: "Calling",
  ringing: "Ringing",
  connecting: "Connecting",
  ongoing: "Talking",
  ended: "Call ended",
  busy: "Busy",
  rejected: "Declined",
  cancelled: "Cancelled",
  unanswered: "Nobody answered",
  missed: "Missed",
  elsewhere: "Taken elsewhere",
  failed: "The call failed",
};

const REASON = {
  answered_at_door: "somebody opened the door",
  do_not_disturb: "do not disturb is on",
  max_duration: "it had lasted as long as a call may",
  ice_failed: "no path for sound and picture was found",
  ice_timeout: "no path for sound and picture was found in time",
  bad_description: "station and handset could not agree on sound and picture",
  untrusted: "the handset's certificate is not the one it signed for",
  media_timeout: "sound and picture stopped and did not come back",
  no_user_media: "the handset has no microphone to offer",
  out_of_resources: "the station had no room for it",
  privacy: "the station could not give notice of a listener",
  transport_lost: "the handset could not be reached any more",
  session_timeout: "the handset's session ran out",
  worker_crashed: "the media worker crashed",
  no_handset: "nobody is paired who may answer",
  unreachable: "no handset could be reached",
  revoked: "the handset was unpaired",
  interrupted: "the station was stopped",
};

const PATTERN = {
  off: "off",
  on: "on",
  blink_slow: "blinks slowly",
  blink: "blinks",
  blink_fast: "blinks fast",
  flash: "flashes",
  double_flash: "flashes twice",
  triple_flash: "flashes three times",
};

const DOOR = { closed: "Bolted", open: "Unlocked", held: "Held unlocked", locked: "Locked down" };

const ALARM = {
  normal: "",
  open_too_long: "Open for too long",
  forced_open: "Forced open",
  tamper: "The case was opened",
  fault: "The relay does not work",
  locked_down: "",
};

const GATE = { closed: "silent both ways", muted: "cannot hear the visitor", open: "" };

const PROBLEM = {
  panel: "Its lines cannot be had",
  storage: "Nothing can be kept on the disk",
  configuration: "The new configuration was refused",
  link: "Handsets cannot connect",
  push: "Phones that sleep cannot be woken",
  locks_lost: "Nobody knows which doors were locked, so all are",
  sound_busy: "Another program holds its sound device",
  sound_missing: "Its sound device is not there",
  sound_broken: "Its sound device does not work",
  sound_unheard: "Its microphone does not hear its loudspeaker",
};

/** Of a call: what begins, what ends. */
export const switched = {
  muted: ["The visitor is muted", "The visitor is heard again"],
  held: ["On hold", "No longer on hold"],
  monitor: ["A handset listens in", "Nobody listens in any more"],
};

const TONE = { ring: "rings", ringback: "ringing tone", monitor: "notice of a listener" };

const SOUND = {
  activated: "the press was taken",
  connected: "somebody answered",
  door_open: "the door can be opened",
  failed: "the call failed",
  refused: "the press was refused",
  warning: "the call ends soon",
  monitored: "a handset begins to listen in",
};

/** What nobody gave a word yet is said as it is. */
const said = (words) => (word) => words[word] ?? String(word ?? "").replaceAll("_", " ");

export const status = said(STATUS);
export const reason = said(REASON);
export const pattern = said(PATTERN);
export const doorState = said(DOOR);
export const alarm = said(ALARM);
export const gate = said(GATE);
export const tone = said(TONE);
export const sound = said(SOUND);
export const problem = said(PROBLEM);
export const plain = said({});

export function clock(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** An element with its attributes and what is in it. Text is never read as markup. */
export function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one != null && one !== ""));
  return made;
}

/** Keeps one child of `list` for each key, in order, so that focus and pressed fingers stay. */
export function keyed(list, items, key, make, update) {
  const there = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = null;
  for (const item of items) {
    let child = there.get(key(item));
    there.delete(key(item));
    if (!child) {
      child = make(item);
      child.dataset.key = key(item);
    }
    update(child, item);
    const expected = place ? place.nextElementSibling : list.firstElementChild;
    if (expected !== child) list.insertBefore(child, expected);
    place = child;
  }
  for (const gone of there.values()) gone.remove();
}
