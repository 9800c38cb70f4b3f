// SPDX-License-Identifier: MIT OR Apache-2.0
// Node 18 keeps WebCrypto in a module of its own; the pages know it as a global. Its work is done on
// other threads, so tests of virtual time need to know whether any is left.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;

let working = 0;

for (const name of ["sign", "verify", "digest", "importKey", "exportKey", "generateKey"]) {
  const original = crypto.subtle[name].bind(crypto.subtle);
  crypto.subtle[name] = async (...parameters) => {
    working += 1;
    try {
      return await original(...parameters);
    } finally {
      working -= 1;
    }
  };
}

/** Once nothing is signed or verified any more and nobody waits for it. */
export async function settled() {
  for (let idle = 0; idle < 3; idle = working === 0 ? idle + 1 : 0) {
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}
