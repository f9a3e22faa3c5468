// Loading, resolving and closing.
import ffi from "node:ffi";
import { differs, library, show, unresolved } from "./support.mjs";

const { DynamicLibrary } = ffi;
const signature = { arguments: ["int32", "int32"], return: "int32" };

for (const path of ["./no-such-library.so", 5, undefined, {}, "a\0b"]) {
  show(`new DynamicLibrary ${typeof path}`, () => new DynamicLibrary(path));
  show(`dlopen ${typeof path}`, () => ffi.dlopen(path));
}
differs("without new", "constructor", () => DynamicLibrary(library));
for (const definitions of [null, 5, "add_i32", [], { add_i32: null }, { add_i32: 5 }]) {
  show(`definitions ${JSON.stringify(definitions)}`, () =>
    Object.keys(ffi.dlopen(library, definitions).functions),
  );
}
show("a missing symbol", () => ffi.dlopen(library, { no_such: signature }));
show("a symbol of the process", () => typeof ffi.dlsym(ffi.dlopen(null).lib, "strlen"));

const { lib, functions } = ffi.dlopen(library, { add_i32: signature });
show("instance", () => lib instanceof DynamicLibrary);
show("path", () => lib.path === library);
show("path of the process", () => new DynamicLibrary(null).path);
show("functions", () => [Object.keys(functions), Object.getPrototypeOf(functions)]);
show("function", () => [
  typeof functions.add_i32,
  functions.add_i32.name,
  functions.add_i32.length,
]);
show("pointer", () => functions.add_i32.pointer === lib.getSymbol("add_i32"));
show("dlsym", () => ffi.dlsym(lib, "add_i32") === lib.getSymbol("add_i32"));
show("library.functions", () => lib.functions.add_i32 === functions.add_i32);
show("symbols", () => [Object.keys(lib.symbols), typeof lib.symbols.add_i32]);
lib.getSymbol("call_count");
show("symbols later", () => Object.keys(lib.symbols).sort());
show("getSymbols", () => Object.keys(lib.getSymbols()).sort());
show("functions later", () => Object.keys(lib.functions));

show("same again", () => lib.getFunction("add_i32", signature) === functions.add_i32);
show(
  "another spelling",
  () =>
    lib.getFunction("add_i32", { arguments: ["i32", "i32"], return: "i32" }) === functions.add_i32,
);
show("another signature", () => lib.getFunction("add_i32", { arguments: ["int32"] }));
show("getFunctions()", () => Object.keys(lib.getFunctions()));
show("getFunctions(definitions)", () =>
  Object.keys(lib.getFunctions({ call_count: { return: "int32" } })),
);
show("getFunctions(null)", () => lib.getFunctions(null));
show("getFunctions(5)", () => lib.getFunctions(5));
show("getFunction(5)", () => lib.getFunction(5, signature));
show("getFunction without signature", () => lib.getFunction("add_i32"));
show("getFunction of null", () => lib.getFunction("add_i32", null));
show("getSymbol(5)", () => lib.getSymbol(5));
show("getSymbol()", () => lib.getSymbol());
show("getSymbol with NUL", () => lib.getSymbol("a\0b"));
show("getFunction with NUL", () => lib.getFunction("a\0b", signature));
show("getSymbol missing", () => lib.getSymbol("no_such"));
show("dlsym(5)", () => ffi.dlsym(5, "add_i32"));
show("dlclose(5)", () => ffi.dlclose(5));

const add = functions.add_i32;
show("close", () => lib.close());
show("close again", () => lib.close());
show("dispose after close", () => lib[Symbol.dispose]());
show("call after close", () => add(1, 2));
show("getFunction after close", () => lib.getFunction("add_i32", signature));
show("getFunctions after close", () => lib.getFunctions());
show("getSymbol after close", () => lib.getSymbol("add_i32"));
show("getSymbols after close", () => lib.getSymbols());
show("functions after close", () => lib.functions);
show("symbols after close", () => lib.symbols);
show("registerCallback after close", () => lib.registerCallback(() => {}));
show("path after close", () => lib.path === library);

const handle = ffi.dlopen(library, { add_i32: signature });
show("disposable", () => handle[Symbol.dispose]());
show("call after dispose", () => handle.functions.add_i32(1, 2));
const other = new DynamicLibrary(library);
show("dlclose", () => ffi.dlclose(other));
show("after dlclose", () => other.getSymbol("add_i32"));
show("empty path", () => new DynamicLibrary("").path);
differs("missing functions", "a library with a missing function", () =>
  new DynamicLibrary(unresolved).getFunction("one", { return: "int32" })(),
);
