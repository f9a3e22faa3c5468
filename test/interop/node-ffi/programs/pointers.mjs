// Strings, buffers and addresses as arguments and results.
import ffi from "node:ffi";
import { differs, library, show } from "./support.mjs";

const { lib, functions } = ffi.dlopen(library, {
  greeting: { return: "string" },
  nothing: { return: "pointer" },
  string_length: { arguments: ["string"], return: "uint64" },
  first_byte: { arguments: ["buffer"], return: "int32" },
  sum_bytes: { arguments: ["pointer", "uint64"], return: "int32" },
  fill: { arguments: ["arraybuffer", "uint8", "uint64"], return: "void" },
  echo_pointer: { arguments: ["pointer"], return: "pointer" },
  allocate: { arguments: ["u64"], return: "ptr" },
  release: { arguments: ["ptr"], return: "void" },
});

show("text result is an address", () => typeof functions.greeting());
show("text", () => ffi.toString(functions.greeting()));
show("null result", () => functions.nothing());
show("text of null", () => ffi.toString(functions.nothing()));

for (const text of ["", "abc", "Grüße", "😀", "x".repeat(10_000)]) {
  show(`length of ${text.slice(0, 10)}`, () => functions.string_length(text));
}
show("a string with NUL", () => functions.string_length("a\0b"));
show("null for a string", () => functions.string_length(null));
show("undefined for a string", () => functions.string_length(undefined));
show("a Buffer for a string", () => functions.string_length(Buffer.from("abcd\0")));
show("a string for a buffer", () => functions.first_byte("A"));

const memory = Uint8Array.of(7, 8, 9, 10).buffer;
const views = {
  Buffer: Buffer.from(memory),
  Uint8Array: new Uint8Array(memory, 1),
  Int16Array: new Int16Array(memory, 2),
  DataView: new DataView(memory, 3),
  ArrayBuffer: memory,
};
for (const [name, view] of Object.entries(views)) {
  show(`first byte of ${name}`, () => functions.first_byte(view));
  show(`address of ${name}`, () => functions.echo_pointer(view) === ffi.getRawPointer(view));
}
show("SharedArrayBuffer address", () => typeof ffi.getRawPointer(new SharedArrayBuffer(4)));
differs("SharedArrayBuffer", "SharedArrayBuffer argument", () =>
  functions.first_byte(new SharedArrayBuffer(4)),
);
show("view of a SharedArrayBuffer", () =>
  functions.first_byte(new Uint8Array(new SharedArrayBuffer(4))),
);
for (const value of [1, 1.5, true, {}, [], Symbol("one"), () => 1]) {
  show(`pointer ${typeof value} ${String(value)}`, () => functions.echo_pointer(value));
}
for (const value of [0n, 1n, 2n ** 64n - 1n, -1n, 2n ** 64n, null, undefined]) {
  show(`pointer ${String(value)}`, () => functions.echo_pointer(value));
}

functions.fill(memory, 5, 2n);
show("filled in place", () => views.Buffer);
show("sum", () => functions.sum_bytes(views.Buffer, 4n));
const address = functions.allocate(16n);
show("an address as an argument", () => functions.sum_bytes(address, 16n));
ffi.setUint8(address, 3, 200);
show("written through it", () => functions.sum_bytes(address, 16n));
show("release", () => functions.release(address));
lib.close();
