// SPDX-License-Identifier: MIT OR Apache-2.0
// The page's elements, changed only where they differ: a live region reads out what is written.

export const element = (id) => document.getElementById(id);

export function show(target, isShown) {
  if (target.hidden === isShown) target.hidden = !isShown;
}

/** As text, always: what the wire says is never markup. */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

export function mark(target, name, value) {
  if (target.dataset[name] !== String(value)) target.dataset[name] = value;
}

export function make(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
