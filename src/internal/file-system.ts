/**
 * `node:fs`, without the ES module that `import` would make of it: that reads every export, and
 * reading those of `node:fs` loads Node's streams. Measured: 3 to 5 ms of the time an import of
 * nearfar takes, against 0.1 ms.
 */
export const fs = fileSystem();

function fileSystem(): typeof import("node:fs") {
  // An older Node lacks this first; npm only warns of `engines`.
  if (typeof process.getBuiltinModule !== "function") {
    throw new Error(`nearfar needs Node 20.19 or later, this is ${process.versions.node}`);
  }
  return process.getBuiltinModule("node:fs");
}
