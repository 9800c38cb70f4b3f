// SPDX-License-Identifier: MIT OR Apache-2.0
// Node 18 takes a .js file for CommonJS unless a package.json beside it says otherwise, and these
// hold nothing but what is served. To be given to node with --import; it is its own hook.
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

const PAGES = ["../../web/", "../../src/demo/page/web/"].map((path) => new URL(path, import.meta.url).href);

export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  return PAGES.some((page) => resolved.url.startsWith(page)) ? { ...resolved, format: "module" } : resolved;
}

if (isMainThread) register(import.meta.url);
