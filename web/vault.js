// SPDX-License-Identifier: MIT OR Apache-2.0
// What outlives the page: the pairing, with keys that can be used but not read.

const NAME = "intercom";
const STORE = "kept";

export async function openVault() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await settled(opening);
  // Another tab with a newer page must be able to change the database.
  database.onversionchange = () => database.close();
  return new Vault(database);
}

class Vault {
  constructor(database) {
    this.database = database;
  }

  read(name) {
    return settled(this.#store("readonly").get(name));
  }

  /** Returns once it is kept. */
  write(name, value) {
    const store = this.#store("readwrite");
    store.put(value, name);
    return committed(store.transaction);
  }

  remove(name) {
    const store = this.#store("readwrite");
    store.delete(name);
    return committed(store.transaction);
  }

  #store(mode) {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another tab holds the database"));
  });
}

function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
