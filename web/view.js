// SPDX-License-Identifier: MIT OR Apache-2.0
// The model on the page. Nothing is decided here.

import { isInCall, wantsMicrophone } from "./calls.js";
import { renderDoors } from "./doors-view.js";
import { element, make, mark, show, write } from "./elements.js";
import { pairingFault } from "./refusals.js";
import * as words from "./words.js";

const PAGES = ["blocked", "unpaired", "pairing", "handset"];
const BUTTONS_OF = {
  dialling: ["hangup"],
  calling: ["hangup"],
  ringing: ["decline", "silence", "answer"],
  answering: ["hangup"],
  connecting: ["hangup", "mute"],
  ongoing: ["hangup", "mute", "hold"],
  leaving: [],
};
const CALL_BUTTONS = ["decline", "hangup", "silence", "mute", "hold", "answer"];

export function render(model) {
  const { page, call, link } = model;
  mark(document.body, "page", page);
  mark(document.body, "link", link.word);
  mark(document.body, "call", call?.phase ?? "none");
  mark(document.body, "path", call?.path.word ?? "none");
  const isSeen = model.hasPicture && ["connected", "interrupted"].includes(call?.path.word);
  mark(document.body, "picture", isSeen ? "shown" : "none");
  for (const name of PAGES) show(element(`page-${name}`), name === page);
  write(element("name"), model.station?.name ?? model.name ?? "Door station");
  write(element("link-text"), page === "handset" ? words.link(link) : "");
  show(element("settings-open"), page === "handset");
  if (page === "blocked") renderBlocked(model.blocked);
  if (page === "pairing") renderPairing(model.pairing);
  if (page === "handset") renderHandset(model);
  write(element("toast"), model.toast);
  document.title = model.title;
}

function renderBlocked(code) {
  const { title, text, act } = words.BLOCKED[code];
  mark(element("page-blocked"), "code", code);
  write(element("blocked-title"), title);
  write(element("blocked-text"), text);
  write(element("blocked-act"), act ?? "");
  show(element("blocked-act"), act !== undefined);
}

function renderPairing({ name, fault, isBusy, keeps }) {
  write(element("pairing-title"), `Pair with ${name}`);
  const input = element("label");
  input.setAttribute("aria-invalid", String(fault === "bad_label"));
  write(element("pairing-fault"), fault === null ? "" : pairingFault(fault));
  show(element("pairing-fault"), fault !== null);
  mark(element("pairing-fault"), "code", fault ?? "");
  element("pair").disabled = isBusy;
  write(element("pair"), isBusy ? "Pairing…" : "Pair");
  show(element("pairing-keep"), keeps !== null);
  write(element("pairing-keep"), keeps === null ? "" : `Stay paired with ${keeps}`);
}

function renderHandset(model) {
  const { call } = model;
  show(element("call"), call !== null);
  show(element("idle"), call === null);
  if (call === null) renderIdle(model);
  else renderCall(model, call);
  renderDoors(words.isUnknown(model.link) ? [] : model.station?.doors ?? [], model.doors, model.link.word === "connected");
  renderReady(model);
  renderStory(model.story, call);
}

function renderIdle({ link, station, hasCalls }) {
  const isThere = link.word === "connected";
  write(element("idle-title"), words.idleTitle(link, station?.busy));
  write(element("idle-text"), words.idleText(link, station?.busy, hasCalls));
  const may = station?.handset.rights ?? [];
  const mayCall = hasCalls && !words.isUnknown(link);
  show(element("dial"), mayCall && may.includes("answer"));
  show(element("listen"), mayCall && may.includes("monitor"));
  show(element("forget"), words.isUnknown(link));
  element("dial").disabled = !isThere;
  element("listen").disabled = !isThere;
}

function renderCall(model, call) {
  const { now, name, microphone, link, hasCalls, quality } = model;
  write(element("call-title"), words.callTitle(call, model.station?.name ?? name, microphone));
  write(element("call-text"), words.callText(call, now));
  const warning = words.callWarning({
    call, link, microphone, hasCalls, wantsMicrophone: wantsMicrophone(call),
  });
  write(element("call-warning"), warning ?? "");
  show(element("call-warning"), warning !== null);
  const shown = BUTTONS_OF[call.phase];
  for (const id of CALL_BUTTONS) show(element(id), shown.includes(id));
  show(element("answer"), shown.includes("answer") && hasCalls);
  show(element("silence"), shown.includes("silence") && !call.isSilenced);
  show(element("mute"), shown.includes("mute") && !call.monitor);
  show(element("hold"), shown.includes("hold") && !call.monitor);
  renderToggle("mute", call.isMuted, "i-mic-off", "i-mic");
  renderToggle("hold", call.isHeld, "i-phone", "i-pause");
  show(element("quality"), isInCall(call) && quality !== null);
  if (quality !== null) {
    mark(element("quality"), "grade", quality);
    write(element("quality-text"), words.quality(quality));
  }
}

/** Says what pressing it does, for the eye and the ear alike. */
function renderToggle(id, isOn, on, off) {
  const toggle = element(id);
  mark(toggle, "on", isOn);
  write(toggle.querySelector("span"), words.TOGGLES[id][isOn ? "on" : "off"]);
  toggle.querySelector("use").setAttribute("href", isOn ? `#${on}` : `#${off}`);
}

function renderReady({ microphone, notifications, sound, call, hasCalls }) {
  const states = { microphone: hasCalls ? microphone : "granted", notifications, sound };
  const asks = { microphone: ["unknown"], notifications: ["default"], sound: ["locked"] };
  let any = false;
  for (const [name, state] of Object.entries(states)) {
    const text = words.READY[name][state];
    const item = element(`ready-${name}`);
    show(item, text !== undefined);
    any ||= text !== undefined;
    write(item.querySelector("span"), text ?? "");
    show(item.querySelector("button"), asks[name].includes(state));
  }
  show(element("ready"), any && call === null);
}

function renderStory(story, call) {
  const list = element("story-list");
  show(element("story"), story.length > 0 && call === null);
  const signature = JSON.stringify(story);
  if (list.storySignature === signature) return;
  list.storySignature = signature;
  list.replaceChildren(...story.map(storyItem));
}

function storyItem(entry) {
  const whom = entry.contact === null ? "" : ` (for ${entry.contact})`;
  const item = make("li", {}, [
    make("time", { dateTime: entry.at.toISOString(), textContent: words.clockTime(entry.at) }),
    make("span", { textContent: words.ending(entry) + whom }),
  ]);
  mark(item, "status", entry.status);
  mark(item, "reason", entry.reason);
  mark(item, "missed", entry.status === "missed" && entry.direction === "outgoing");
  return item;
}
