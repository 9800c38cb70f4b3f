// SPDX-License-Identifier: MIT OR Apache-2.0
// Whether a sound is there, by its content.

import { open, stat } from "node:fs/promises";

export const RATE = 48_000;
const WINDOW = RATE / 5;

/**
 * The mean square of the part of `samples` at `frequency`, by Goertzel's recurrence, and of all
 * of it. A function of its own, since pages run it too.
 */
export function tonePower(samples, rate, frequency) {
  const turn = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let last = 0;
  let before = 0;
  let all = 0;
  for (const sample of samples) {
    [last, before] = [sample + turn * last - before, last];
    all += sample * sample;
  }
  const tone = (2 * (last * last + before * before - turn * last * before)) / samples.length ** 2;
  return { tone, all: all / samples.length };
}

/** Most of what is heard is this tone, and it is heard well. */
export const isTone = ({ tone, all }) => all > 1e-4 && tone / all > 0.8;

/** Not even a trace: 60 dB below what a loud tone has. */
export const isAbsent = ({ tone }) => tone < 1e-7;

/** What the visitor hears, as the station's media worker writes it. */
export class Loudspeaker {
  constructor(path) {
    this.path = path;
  }

  async length() {
    const size = await stat(this.path).then((found) => found.size, () => 0);
    return Math.floor(size / 2);
  }

  async samples(from, to) {
    const file = await open(this.path);
    try {
      const bytes = Buffer.alloc((to - from) * 2);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from * 2);
      return Float64Array.from({ length: bytesRead >> 1 }, (_, place) => bytes.readInt16LE(place * 2) / 32_768);
    } finally {
      await file.close();
    }
  }

  /** Of the newest window. */
  async newest(frequency) {
    const length = await this.length();
    if (length < WINDOW) return { tone: 0, all: 0 };
    return tonePower(await this.samples(length - WINDOW, length), RATE, frequency);
  }

  /** Of every window since a place in the file. */
  async windowsSince(place, frequency) {
    const samples = await this.samples(place, await this.length());
    const windows = [];
    for (let from = 0; from + WINDOW <= samples.length; from += WINDOW) {
      windows.push(tonePower(samples.subarray(from, from + WINDOW), RATE, frequency));
    }
    return windows;
  }
}
