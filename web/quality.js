// SPDX-License-Identifier: MIT OR Apache-2.0
// How well the far side comes through, from what the browser counts: `good`, `fair`, `poor`, or
// `none` where nothing at all arrived since the last look.

const POOR = { loss: 0.08, jitter: 0.08, roundTrip: 0.6 };
const FAIR = { loss: 0.02, jitter: 0.03, roundTrip: 0.25 };

export class Quality {
  #last = null;

  /** `null` at the first look, when there is nothing to compare with. */
  grade(report) {
    const now = summary([...report.values()]);
    const last = this.#last;
    this.#last = now;
    if (last === null) return null;
    const received = now.received - last.received;
    if (received <= 0) return "none";
    const lost = Math.max(0, now.lost - last.lost);
    const seen = { loss: lost / (lost + received), jitter: now.jitter, roundTrip: now.roundTrip };
    if (exceeds(seen, POOR)) return "poor";
    return exceeds(seen, FAIR) ? "fair" : "good";
  }
}

function exceeds(seen, limits) {
  return Object.entries(limits).some(([name, limit]) => seen[name] > limit);
}

function summary(entries) {
  const inbound = entries.filter(({ type }) => type === "inbound-rtp");
  const pair = entries.find(({ type, nominated, state }) => (
    type === "candidate-pair" && nominated && state === "succeeded"
  ));
  const sum = (name) => inbound.reduce((total, entry) => total + (entry[name] ?? 0), 0);
  const jitters = inbound.map(({ jitter }) => jitter ?? 0);
  return {
    received: sum("packetsReceived"),
    lost: sum("packetsLost"),
    jitter: Math.max(0, ...jitters),
    roundTrip: pair?.currentRoundTripTime ?? 0,
  };
}
