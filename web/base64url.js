// SPDX-License-Identifier: MIT OR Apache-2.0
// Base64url without padding (RFC 4648, section 5), read strictly: one text for each value.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

export function encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let letter = 0; letter <= left; letter += 1) {
      text += ALPHABET[(group >> (18 - 6 * letter)) & 63];
    }
  }
  return text;
}

/** The bytes, or null where the text is not what `encode` would have written. */
export function decode(text) {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 0xff;
      at += 1;
    }
  }
  const spare = held & ((1 << bits) - 1);
  return spare === 0 ? bytes : null;
}

/** Exactly `length` bytes, or null. */
export function decodeExactly(text, length) {
  if (typeof text !== "string") return null;
  const bytes = decode(text);
  return bytes !== null && bytes.length === length ? bytes : null;
}
