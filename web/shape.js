// SPDX-License-Identifier: MIT OR Apache-2.0
// Checks of parsed JSON, composed of small ones. Unknown members are as wrong as missing ones.

import { decodeExactly } from "./base64url.js";
import { isObject } from "./json.js";

export const text = (value) => typeof value === "string";
export const flag = (value) => typeof value === "boolean";
export const count = (value) => Number.isSafeInteger(value) && value >= 0;
export const word = (...words) => (value) => words.includes(value);
export const bytes = (length) => (value) => decodeExactly(value, length) !== null;
export const listOf = (item) => (value) => Array.isArray(value) && value.every(item);
export const either = (...shapes) => (value) => shapes.some((shape) => shape(value));

export const optional = (shape) => Object.assign((value) => shape(value), { isOptional: true });

export const object = (members) => (value) => isObject(value)
  && Object.keys(value).every((name) => Object.hasOwn(members, name))
  && Object.entries(members).every(([name, shape]) => (
    Object.hasOwn(value, name) ? shape(value[name]) : shape.isOptional === true
  ));

/** A name to show: 1 to 64 characters, none of them a control character. */
export const label = (value) => text(value)
  && value.length > 0 && [...value].length <= 64 && !/\p{Cc}/u.test(value);
