// Callbacks: qsort, every type, references, misuse.
import ffi from "node:ffi";
import { library, show } from "./support.mjs";

const { lib, functions } = ffi.dlopen(library, {
  apply: { arguments: ["function", "int32", "int32"], return: "int32" },
  call_void: { arguments: ["pointer"], return: "void" },
  call_int8: { arguments: ["pointer", "int8"], return: "int8" },
  call_uint16: { arguments: ["pointer", "uint16"], return: "uint16" },
  call_int64: { arguments: ["pointer", "int64"], return: "int64" },
  call_uint64: { arguments: ["pointer", "uint64"], return: "uint64" },
  call_float: { arguments: ["pointer", "float"], return: "float" },
  call_double: { arguments: ["pointer", "double"], return: "double" },
  call_pointer: { arguments: ["pointer", "pointer"], return: "pointer" },
  call_many: { arguments: ["pointer"], return: "int32" },
  sum_calls: { arguments: ["pointer", "int32"], return: "int32" },
});
const binary = { arguments: ["int32", "int32"], return: "int32" };

const process_ = new ffi.DynamicLibrary(null);
const qsort = process_.getFunction("qsort", {
  arguments: ["buffer", "uint64", "uint64", "function"],
  return: "void",
});
const compare = process_.registerCallback(
  { arguments: ["pointer", "pointer"], return: "int32" },
  (a, b) => ffi.getInt32(a) - ffi.getInt32(b),
);
const numbers = Int32Array.of(5, -3, 99, 0, 42, -100, 7);
qsort(numbers, BigInt(numbers.length), 4n, compare);
show("sorted", () => numbers);

const plus = (a, b) => a + b; // Kept: an unreferenced callback's function may be collected.
const add = lib.registerCallback(binary, plus);
show("an address", () => typeof add);
show("apply", () => functions.apply(add, 20, 22));
show("many calls", () => functions.sum_calls(add, 1000));
let calls = 0;
const plain = lib.registerCallback(() => {
  calls++;
});
functions.call_void(plain);
show("without a signature", () => calls);
show("two callbacks of one function are two", () => {
  const same = () => {};
  const [one, two] = [lib.registerCallback(same), lib.registerCallback(same)];
  return one !== two;
});

const through = (type, name, value, change) => {
  const callback = lib.registerCallback({ arguments: [type], return: type }, change);
  show(`${name} ${value}`, () => functions[name](callback, value));
};
through("int8", "call_int8", -128, (x) => x + 1);
through("uint16", "call_uint16", 65534, (x) => x + 1);
through("int64", "call_int64", -5n, (x) => x - 1n);
through("int64", "call_int64", 2n ** 62n, (x) => x);
through("uint64", "call_uint64", 2n ** 63n, (x) => x + 1n);
through("float", "call_float", 0.5, (x) => x * 2);
through("double", "call_double", 0.1, (x) => x * 2);
through("pointer", "call_pointer", 4096n, (x) => x + 16n);
const seen = [];
const many = lib.registerCallback(
  { arguments: ["i8", "u8", "i32", "i64", "f64", "ptr"], return: "i32" },
  (...args) => {
    seen.push(...args);
    return args.length;
  },
);
show("six kinds of arguments", () => functions.call_many(many));
show("what they were", () => seen);

show("a call inside of a callback", () => {
  const nested = lib.registerCallback(binary, (a, b) => functions.apply(add, a, b) * 2);
  return functions.apply(nested, 20, 1);
});

show("unref", () => lib.unrefCallback(add));
show("called after unref", () => functions.apply(add, 1, 2) === plus(1, 2));
show("ref", () => lib.refCallback(add));
show("ref twice", () => lib.refCallback(add));
show("unregister", () => lib.unregisterCallback(add));
show("unregister again", () => lib.unregisterCallback(add));
show("ref after unregister", () => lib.refCallback(add));
show("unref after unregister", () => lib.unrefCallback(add));
for (const bad of [5, "5", null, undefined, 0n, 1n, -1n]) {
  for (const name of ["unregisterCallback", "refCallback", "unrefCallback"]) {
    show(`${name} ${typeof bad} ${bad}`, () => lib[name](bad));
  }
}
show("a callback of another library", () => lib.unregisterCallback(compare));
for (const bad of [undefined, null, 5, "f", {}]) {
  show(`register ${typeof bad} ${bad}`, () => lib.registerCallback(bad));
  show(`register with ${typeof bad} ${bad}`, () => lib.registerCallback(binary, bad));
}
show("signature null", () => lib.registerCallback(null, () => {}));
show("signature 5", () => lib.registerCallback(5, () => {}));
show("unknown type", () => lib.registerCallback({ return: "int33" }, () => {}));
show("void argument", () => lib.registerCallback({ arguments: ["void"] }, () => {}));
show("arguments not an array", () => lib.registerCallback({ arguments: "int32" }, () => {}));
lib.close();
show("register after close", () => lib.registerCallback(() => {}));
show("unregister after close", () => lib.unregisterCallback(plain));
show("ref after close", () => lib.refCallback(plain));
