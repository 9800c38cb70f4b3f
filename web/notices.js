// SPDX-License-Identifier: MIT OR Apache-2.0
// Notifications for whoever looks elsewhere. Chrome on Android shows them through a service
// worker only; where none can be had, the page shows them itself.

const TAG = "bell";

export class Notices {
  #shown = null;

  get permission() {
    return typeof Notification === "function" ? Notification.permission : "unsupported";
  }

  async ask() {
    if (this.permission === "default") await Notification.requestPermission();
  }

  async prepare() {
    if (navigator.serviceWorker === undefined) return;
    try {
      await navigator.serviceWorker.register("notices-worker.js");
    } catch {
      // A certificate that the browser does not trust by itself allows no service worker.
    }
  }

  async show(title, body, isUrgent) {
    if (this.permission !== "granted") return;
    const options = {
      body, tag: TAG, renotify: true, icon: "icon.svg", requireInteraction: isUrgent,
    };
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration?.active) {
      await registration.showNotification(title, options);
      return;
    }
    try {
      this.#shown = new Notification(title, options);
      this.#shown.onclick = () => window.focus();
    } catch {
      // Android, without a service worker: the ring is heard all the same.
    }
  }

  async clear() {
    this.#shown?.close();
    this.#shown = null;
    const registration = await navigator.serviceWorker?.getRegistration();
    const shown = await registration?.getNotifications({ tag: TAG }) ?? [];
    for (const notification of shown) notification.close();
  }
}
