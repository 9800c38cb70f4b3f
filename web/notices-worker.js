// SPDX-License-Identifier: MIT OR Apache-2.0
// Brings the page to the front when its notification is touched. It keeps nothing and answers no
// request for the page.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(front());
});

async function front() {
  const [page] = await self.clients.matchAll({ type: "window" });
  return page === undefined ? self.clients.openWindow("./") : page.focus();
}
