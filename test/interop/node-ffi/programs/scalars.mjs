// Every type's values, and the values that it refuses.
import ffi from "node:ffi";
import { differs, library, show } from "./support.mjs";

const { lib } = ffi.dlopen(library);
const echo = (name, type = name) =>
  lib.getFunction(`echo_${name}`, { arguments: [type], return: type });

const integers = {
  int8: [-128, 127, -129, 128],
  uint8: [0, 255, -1, 256],
  int16: [-32768, 32767, -32769, 32768],
  uint16: [0, 65535, -1, 65536],
  int32: [-2147483648, 2147483647, -2147483649, 2147483648],
  uint32: [0, 4294967295, -1, 4294967296],
};
const never = [1.5, NaN, Infinity, "1", null, undefined, true, {}, [], 1n, Symbol("one")];
for (const [type, values] of Object.entries(integers)) {
  const call = echo(type);
  for (const value of [...values, 0, ...never]) {
    show(`${type} ${typeof value} ${String(value)}`, () => call(value));
  }
  if (type.endsWith("32")) differs("negative zero", `${type} -0`, () => call(-0));
  else show(`${type} -0`, () => call(-0));
}
const wide = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n, -(2n ** 63n) - 1n, 2n ** 63n],
  uint64: [0n, 2n ** 64n - 1n, -1n, 2n ** 64n, -1],
};
for (const [type, values] of Object.entries(wide)) {
  const call = echo(type);
  for (const value of [...values, 2 ** 53, 1.5, NaN, "1", null, undefined, true]) {
    show(`${type} ${typeof value} ${String(value)}`, () => call(value));
  }
  for (const value of [0, 2 ** 53 - 1]) {
    differs("64-bit numbers", `${type} number ${value}`, () => call(value));
  }
}
for (const type of ["float32", "float64"]) {
  const call = echo(type);
  for (const value of [0, -0, 0.1, 1e300, NaN, -Infinity, "1", null, undefined, 1n, true]) {
    show(`${type} ${typeof value} ${String(value)}`, () => call(value));
  }
}
const char = echo("char");
for (const value of [0, 65, 127, -1, 256, "A", 1.5]) {
  show(`char ${typeof value} ${value}`, () => char(value));
}
const bool = lib.getFunction("echo_uint8", { arguments: ["uint8"], return: "uint8" });
show("uint8 for bool", () => bool(1));
const second = new ffi.DynamicLibrary(library);
const flag = second.getFunction("echo_uint8", { arguments: ["bool"], return: "bool" });
for (const value of [0, 1, 2, 255, 256, -1, null]) show(`bool ${value}`, () => flag(value));
for (const value of [true, false]) differs("bool", `bool ${value}`, () => flag(value));

show("mixed", () =>
  lib.getFunction("mix", {
    arguments: ["i8", "u16", "i32", "i64", "float", "double"],
    return: "f64",
  })(-1, 65535, -70000, 5n, 0.5, 0.25),
);
const ten = Array.from({ length: 10 }, (_, index) => index + 1);
show("ten integers", () =>
  lib.getFunction("sum_ten", { arguments: ten.map(() => "int32"), return: "int32" })(...ten),
);
const nine = ten.slice(1);
show("nine doubles", () =>
  lib.getFunction("sum_nine_doubles", { arguments: nine.map(() => "double"), return: "double" })(
    ...nine,
  ),
);
show("void", () => lib.getFunction("count_call", {})());
show("no arguments", () => lib.getFunction("call_count", { return: "int32" })());
const add = lib.getFunction("add_i32", { arguments: ["int32", "int32"], return: "int32" });
for (const args of [[], [1], [1, 2, 3], [20, 22]]) show(`add ${args}`, () => add(...args));
show("apply", () => add.apply({ any: "receiver" }, [20, 22]));
show("new", () => typeof new add(20, 22));
