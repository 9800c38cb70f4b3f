// SPDX-License-Identifier: MIT OR Apache-2.0
// JSON as the protocol reads it. JSON.parse takes the last of two members with one name, takes 1.0
// for an integer and half a surrogate pair for a character; a peer that read any of them another
// way would have been told something else under the same signature.

/** Objects and lists within each other. */
const DEEPEST = 8;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const HALF_A_PAIR = /\p{Surrogate}/u;
const LITERALS = [["true", true], ["false", false], ["null", null]];

/** The value. A number that is no exact integer is NaN, which no check lets pass. */
export function parse(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.skip();
  if (reader.at !== text.length) throw new SyntaxError("more than one value");
  return value;
}

export function parseBytes(bytes) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  return parse(text);
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) throw new SyntaxError(`unexpected character at ${this.at}`);
    this.at = pattern.lastIndex;
    return found[0];
  }

  skip() {
    this.match(SPACE);
  }

  /** Whether the next character is this one; steps over it. */
  takes(character) {
    this.skip();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  needs(character) {
    if (!this.takes(character)) throw new SyntaxError(`no ${character} at ${this.at}`);
  }

  value(depth) {
    this.skip();
    const next = this.text[this.at];
    const isNested = next === "{" || next === "[";
    if (isNested && depth === DEEPEST) throw new SyntaxError("nested too deeply");
    if (isNested) return next === "{" ? this.object(depth) : this.list(depth);
    if (next === '"') return this.string();
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = this.match(NUMBER);
    const exact = INTEGER.test(number) && Number.isSafeInteger(Number(number));
    return exact ? Number(number) : NaN;
  }

  string() {
    const text = JSON.parse(this.match(STRING));
    if (HALF_A_PAIR.test(text)) throw new SyntaxError("half a surrogate pair");
    return text;
  }

  object(depth) {
    const members = new Map();
    this.needs("{");
    if (this.takes("}")) return {};
    do {
      this.skip();
      const name = this.string();
      if (members.has(name)) throw new SyntaxError("two members of one name");
      this.needs(":");
      members.set(name, this.value(depth + 1));
    } while (this.takes(","));
    this.needs("}");
    // Own members even for a name like __proto__.
    return Object.fromEntries(members);
  }

  list(depth) {
    const items = [];
    this.needs("[");
    if (this.takes("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.takes(","));
    this.needs("]");
    return items;
  }
}
