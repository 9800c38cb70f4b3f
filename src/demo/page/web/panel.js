// SPDX-License-Identifier: MIT OR Apache-2.0
// The connection to the station. Everything that it tells goes to the parts of the page that
// know what to do with it.

import { makeCall } from "./call.js";
import { makeDoors } from "./door.js";
import { makeLog } from "./log.js";
import { makeMeters } from "./meter.js";
import { makePairing, makeSteps } from "./pairing.js";
import { makePhones } from "./phones.js";
import { makeStation } from "./station.js";
import { makeUnit } from "./unit.js";

const PAUSES_MS = [250, 500, 1000, 2000];

let socket = null;

function tell(wish) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(wish));
}

const parts = [
  makeStation(tell),
  makeUnit(tell),
  makeDoors(tell),
  makeMeters(),
  makeCall(),
  makePhones(tell),
  makeSteps(),
  makePairing(tell),
  makeLog(),
];

function live(word, text) {
  document.body.dataset.live = word;
  document.querySelector("#live").textContent = text;
  document.querySelector("main").inert = word !== "yes";
}

function connect(attempt) {
  socket = new WebSocket(new URL("live", location.href.replace(/^http/, "ws")));
  let tries = attempt;
  socket.addEventListener("open", () => {
    tries = 0;
    live("yes", "Station is running");
  });
  socket.addEventListener("message", ({ data }) => {
    const told = JSON.parse(data);
    for (const part of parts) part[told.t]?.(told);
  });
  socket.addEventListener("close", () => {
    live("no", "Station is not running");
    setTimeout(() => connect(tries + 1), PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
  });
}

connect(0);
