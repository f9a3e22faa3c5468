// What the module exports.
import ffi, * as named from "node:ffi";
import { show } from "./support.mjs";

const names = [
  ...["DynamicLibrary", "dlopen", "dlclose", "dlsym", "suffix", "types", "toString", "toBuffer"],
  ...["toArrayBuffer", "exportString", "exportBuffer", "exportArrayBuffer"],
  ...["exportArrayBufferView", "getRawPointer", "getCurrentEventLoop"],
  ...["Int8", "Uint8", "Int16", "Uint16", "Int32", "Uint32", "Int64", "Uint64"].flatMap(accessors),
  ...["Float32", "Float64"].flatMap(accessors),
];
for (const name of names) {
  show(name, () => [typeof ffi[name], ffi[name] === named[name]]);
}
show("suffix", () => ffi.suffix);
for (const [name, value] of Object.entries(ffi.types)) show(`types.${name}`, () => value);
show("types frozen", () => Object.isFrozen(ffi.types));
show("library methods", () =>
  ["close", "getFunction", "getFunctions", "getSymbol", "getSymbols", "registerCallback"]
    .concat(["unregisterCallback", "refCallback", "unrefCallback", Symbol.dispose])
    .map((name) => typeof ffi.DynamicLibrary.prototype[name]),
);
const loop = ffi.getCurrentEventLoop();
show("event loop", () => [typeof loop, loop > 0n]);
show("event loop is one", () => ffi.getCurrentEventLoop() === loop);

function accessors(type) {
  return [`get${type}`, `set${type}`];
}
