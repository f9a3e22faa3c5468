// The call engine with every library in a helper process: what run.mjs exercises as `isolated`. A
// function is its synchronous form here, and has the other as `async`.
import { dlopen } from "../../dist/ffi/index.js";
import { Isolate } from "../../dist/isolate/index.js";

export * from "../../dist/ffi/index.js";

const isolate = new Isolate();

export class DynamicLibrary {
  #lib;

  constructor(path) {
    this.#lib = dlopen(path, {}, { isolate }).lib;
  }

  get path() {
    return this.#lib.path;
  }

  getFunction(...args) {
    return synchronous(this.#lib.getFunction(...args));
  }

  define(...args) {
    return synchronous(this.#lib.define(...args));
  }

  getSymbol(name) {
    return this.#lib.getSymbol(name);
  }

  registerCallback(...args) {
    return this.#lib.registerCallback(...args);
  }

  unregisterCallback(pointer) {
    this.#lib.unregisterCallback(pointer);
  }

  close() {
    this.#lib.close();
  }
}

/** Memory whose address C may keep: it is the same in the helper. */
export function allocateShared(bytes) {
  const { buffer } = isolate.allocate(bytes);
  return Buffer.from(buffer);
}

export function toBuffer(address, bytes) {
  return isolate.read(address, bytes);
}

function synchronous(call) {
  return Object.assign((...args) => call.sync(...args), { async: call.async, map: call.map });
}
