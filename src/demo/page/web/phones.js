// SPDX-License-Identifier: MIT OR Apache-2.0
// The handsets: real ones are shown, simulated ones are played here.

import { badge, isOver } from "./call.js";
import { element, keyed } from "./words.js";

/** What a person holding that phone could do now. */
function choices(handset, leg, view) {
  const does = (words, what, kind = "") => ({ words, kind, say: { t: "phone", handset: handset.id, does: what } });
  const found = [];
  if (leg?.status === "ringing" || leg?.status === "initiated") {
    found.push(does("Answer", "accept", "go"), does("Decline", "reject", "stop"));
  } else if (leg?.status === "ongoing" || leg?.status === "connecting") {
    found.push(does("Hang up", "hang_up", "stop"));
  } else if (!view.call || isOver(view.call)) {
    found.push(does("Call the door", "dial"));
  }
  for (const door of view.doors.filter((door) => handset.doors.includes(door.name))) {
    found.push({ words: `Open ${door.label}`, kind: "", say: { t: "phone_opens", handset: handset.id, door: door.name } });
  }
  return found;
}

export function makePhones(tell) {
  const phones = document.querySelector("#phones");
  phones.dataset.empty = "None is paired yet.";

  const make = () => element("li", {}, element("span"), element("span", { class: "tools" }));

  function show(row, { handset, leg, view }) {
    row.dataset.handset = handset.id;
    row.dataset.simulated = handset.simulated;
    row.firstChild.replaceChildren(
      handset.label,
      " ",
      element("span", { class: "badge" }, handset.simulated ? "simulated" : "paired"),
      " ",
      leg && !isOver(leg) ? badge(leg.status) : "",
    );
    const unpair = { words: "Remove", kind: "danger", what: "unpair", say: { t: "unpair", handset: handset.id } };
    const offered = handset.simulated ? choices(handset, leg, view) : [unpair];
    const key = offered.map((choice) => choice.words).join();
    // The same buttons stay, and the focus with them.
    if (row.dataset.offered === key) return;
    row.dataset.offered = key;
    const button = ({ words, kind, what, say }) =>
      element("button", { type: "button", class: kind, "data-does": what, onclick: () => tell(say) }, words);
    row.lastChild.replaceChildren(...offered.map(button));
  }

  return {
    state(view) {
      const leg = (handset) => view.call?.legs.find((leg) => leg.handset === handset.id);
      const rows = view.handsets.map((handset) => ({ handset, leg: leg(handset), view }));
      keyed(phones, rows, (row) => row.handset.id, make, show);
    },
  };
}
