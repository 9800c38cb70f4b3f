// SPDX-License-Identifier: MIT OR Apache-2.0
// Start-up: which page this is, and who holds the handset.

import { clock } from "./clock.js";
import { HandsetPage } from "./handset-page.js";
import { importPublicKey } from "./keys.js";
import { PairingPage } from "./pairing-page.js";
import { isPairingLink } from "./pairing.js";
import { element } from "./elements.js";
import { Tab } from "./tabs.js";
import { openVault } from "./vault.js";
import { render } from "./view.js";

const NO_LINK = { word: "none", since: null, why: null };
const EMPTY = { page: "loading", call: null, link: NO_LINK, toast: "", title: "Door station" };

function missing() {
  if (!window.isSecureContext || window.crypto?.subtle === undefined) return "insecure";
  const has = ["WebSocket", "indexedDB", "AudioContext"].every((name) => name in window);
  return has ? null : "old";
}

/** Shows why nothing else can be shown; `act` is what the button does. */
function block(code, act) {
  render({ ...EMPTY, page: "blocked", blocked: code });
  element("blocked-act").onclick = act;
}

function dial() {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${window.location.host}/link`, "icm1");
}

class Start {
  #running = null;
  #isMine = false;

  constructor(vault) {
    this.vault = vault;
    this.tab = new Tab({
      mine: () => {
        this.#isMine = true;
        guarded(this.#choose(null));
      },
      lost: () => {
        this.#isMine = false;
        this.#replace(null);
        block("other_tab", () => this.tab.steal());
      },
    });
    window.addEventListener("hashchange", () => this.#isMine && guarded(this.#choose(null)));
  }

  claim() {
    this.tab.claim();
  }

  async #choose(socket) {
    const record = await this.vault.read("paired");
    if (socket === null && isPairingLink(window.location.hash)) this.#pairing(record);
    else if (record === undefined) this.#unpaired();
    else await this.#handset(record, socket);
  }

  #pairing(record) {
    this.#replace(new PairingPage({
      vault: this.vault, clock, dial, record, base: EMPTY,
      done: (socket) => {
        // The token is worth nothing any more, and belongs in no history.
        window.history.replaceState(null, "", window.location.pathname);
        return this.#choose(socket);
      },
    }));
  }

  #unpaired() {
    this.#replace(null);
    render({ ...EMPTY, page: "unpaired" });
  }

  async #handset(record, socket) {
    const publicKey = await importPublicKey(record.station.jwk);
    const forget = async () => {
      this.#replace(null);
      await this.vault.remove("paired");
      await this.#choose(null);
    };
    const revoked = () => {
      this.#replace(null);
      block("revoked", forget);
    };
    this.#replace(new HandsetPage({ record, publicKey, dial, clock, base: EMPTY, forget, revoked }));
    this.#running.start(socket);
  }

  #replace(next) {
    this.#running?.stop();
    this.#running = next;
  }
}

async function start() {
  const code = missing();
  if (code !== null) return block(code);
  let vault;
  try {
    vault = await openVault();
  } catch {
    return block("no_storage");
  }
  return new Start(vault).claim();
}

function guarded(work) {
  return work.catch((error) => {
    block("failed", () => window.location.reload());
    throw error;
  });
}

guarded(start());
