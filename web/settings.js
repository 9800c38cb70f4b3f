// SPDX-License-Identifier: MIT OR Apache-2.0
// The dialog about this handset itself.

import { element, show, write } from "./elements.js";
import * as words from "./words.js";

/** `on` has `ring()` and `unpair()`. */
export class Settings {
  constructor(on) {
    this.dialog = element("settings");
    element("settings-close").onclick = () => this.close();
    element("try-ring").onclick = on.ring;
    element("unpair").onclick = () => this.#askWhetherSure();
    element("unpair-yes").onclick = on.unpair;
  }

  open() {
    show(element("unpair-sure"), false);
    this.dialog.showModal();
  }

  close() {
    this.dialog.close();
  }

  render({ station, label, stationName, microphone, notifications, isConnected }) {
    write(element("settings-label"), station?.handset.label ?? label);
    write(element("settings-station"), station?.name ?? stationName);
    write(element("settings-rights"), words.rights(station?.handset.rights ?? [], station?.doors ?? []));
    write(element("settings-microphone"), words.permission(microphone));
    write(element("settings-notifications"), words.permission(notifications));
    write(element("unpair-text"), isConnected
      ? "It will not ring any more. Coming back takes a new pairing link."
      : "The station cannot be reached, so it will keep this handset in its list until somebody removes it there.");
  }

  #askWhetherSure() {
    show(element("unpair-sure"), true);
    element("unpair-yes").focus();
  }
}
