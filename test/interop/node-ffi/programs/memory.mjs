// Reading and writing memory by address.
import ffi from "node:ffi";
import { differs, show } from "./support.mjs";

const memory = new Uint8Array(64);
const pointer = ffi.getRawPointer(memory);
const values = {
  Int8: [-128, 127, 128, -129],
  Uint8: [0, 255, 256, -1],
  Int16: [-32768, 32767, 32768],
  Uint16: [65535, 65536, -1],
  Int32: [-2147483648, 2147483647, 2147483648],
  Uint32: [4294967295, 4294967296, -1],
  Int64: [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 63n, 5, 2 ** 53],
  Uint64: [2n ** 64n - 1n, 2n ** 64n, -1n, 5, 2 ** 53],
  Float32: [0.5, -0, NaN, 1e300],
  Float64: [0.1, -0, -Infinity],
};
for (const [type, list] of Object.entries(values)) {
  const [get, set] = [ffi[`get${type}`], ffi[`set${type}`]];
  for (const value of [...list, "1", null, undefined, true]) {
    show(`set${type} ${typeof value} ${String(value)}`, () => set(pointer, 8, value));
    show(`get${type}`, () => get(pointer, 8));
  }
  if (!type.startsWith("Float")) show(`set${type} 1.5`, () => set(pointer, 8, 1.5));
  show(`get${type} without offset`, () => get(pointer));
  show(`get${type} unaligned`, () => typeof get(pointer, 3));
  show(`get${type} of null`, () => get(0n));
  show(`set${type} of null`, () => set(0n, 0, 1));
  for (const offset of [-1, 1.5, "1", null, NaN]) {
    show(`get${type} at ${typeof offset} ${offset}`, () => typeof get(pointer + 8n, offset));
  }
  show(`set${type} without value`, () => set(pointer, 0));
  for (const bad of [5, "5", null, undefined, -1n, 2n ** 64n]) {
    show(`get${type} of ${typeof bad} ${bad}`, () => get(bad, 0));
    show(`set${type} of ${typeof bad} ${bad}`, () => set(bad, 0, 1));
  }
}
memory.fill(0);
show("bytes", () => {
  ffi.setUint32(pointer, 0, 0x01020304);
  return memory.subarray(0, 5);
});

memory.set([71, 114, 195, 188, 195, 159, 101, 0, 88], 16);
const text = pointer + 16n;
show("toString", () => ffi.toString(text));
show("toString of null", () => ffi.toString(0n));
for (const bad of [5, null, undefined, "5", -1n, 2n ** 64n]) {
  show(`toString of ${typeof bad} ${bad}`, () => ffi.toString(bad));
}
for (const name of ["toBuffer", "toArrayBuffer"]) {
  const read = ffi[name];
  show(name, () => read(text, 7));
  show(`${name} is a copy`, () => {
    const copy = read(text, 4);
    new Uint8Array(copy.buffer ?? copy)[copy.byteOffset ?? 0] = 1;
    return memory[16];
  });
  show(`${name} of nothing`, () => read(text, 0).byteLength);
  show(`${name} of null, nothing`, () => read(0n, 0).byteLength);
  show(`${name} of null`, () => read(0n, 4));
  for (const length of [-1, 1.5, "4", null, undefined, NaN]) {
    show(`${name} of length ${typeof length} ${length}`, () => read(text, length).byteLength);
  }
  differs("too long", `${name} of 2^53 bytes`, () => read(text, 2 ** 53).byteLength);
  for (const bad of [5, null, -1n]) show(`${name} of ${bad}`, () => read(bad, 4));
}

const room = pointer + 32n;
const written = (run) => {
  memory.fill(255, 32, 48);
  run();
  return memory.subarray(32, 44);
};
show("exportString", () => written(() => ffi.exportString("Grü", room, 16)));
show("exportString, just enough", () => written(() => ffi.exportString("Grü", room, 5)));
show("exportString, too little", () => written(() => ffi.exportString("Grü", room, 4)));
show("exportString, empty", () => written(() => ffi.exportString("", room, 1)));
for (const encoding of ["utf8", "utf16le", "ucs2", "latin1", "ascii", "base64", "hex"]) {
  show(`exportString ${encoding}`, () =>
    written(() => ffi.exportString("abcd", room, 12, encoding)),
  );
}
show("exportString unknown encoding", () => ffi.exportString("a", room, 12, "utf9"));
show("exportString encoding 5", () => ffi.exportString("a", room, 12, 5));
show("exportString of 5", () => ffi.exportString(5, room, 12));
show("exportString to null", () => ffi.exportString("a", 0n, 12));
show("exportString to 5", () => ffi.exportString("a", 5, 12));
show("exportString length -1", () => ffi.exportString("a", room, -1));
show("exportString length '5'", () => ffi.exportString("a", room, "5"));

const sources = {
  exportBuffer: Buffer.from([1, 2, 3]),
  exportArrayBuffer: Uint8Array.of(4, 5, 6).buffer,
  exportArrayBufferView: Uint8Array.of(7, 8, 9),
};
for (const [name, source] of Object.entries(sources)) {
  show(name, () => written(() => ffi[name](source, room, 12)));
  show(`${name}, just enough`, () => written(() => ffi[name](source, room, 3)));
  show(`${name}, too little`, () => ffi[name](source, room, 2));
  show(`${name} to null`, () => ffi[name](source, 0n, 12));
  show(`${name} to 5`, () => ffi[name](source, 5, 12));
  show(`${name} length -1`, () => ffi[name](source, room, -1));
  show(`${name} length '5'`, () => ffi[name](source, room, "5"));
  for (const [other, value] of Object.entries(sources)) {
    if (other !== name) show(`${name} of ${other}'s`, () => ffi[name](value, room, 12));
  }
  show(`${name} of a string`, () => ffi[name]("abc", room, 12));
}

show(
  "raw pointers differ by offset",
  () => ffi.getRawPointer(memory.subarray(5)) - ffi.getRawPointer(memory),
);
for (const bad of [5, "5", null, undefined, {}, 5n]) {
  show(`getRawPointer of ${typeof bad} ${bad}`, () => ffi.getRawPointer(bad));
}
