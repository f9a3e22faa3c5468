// The generated types and functions as the package under test has them, in both of its ways: read
// from C source, or put together from type objects.

import { declarationsOf, prototype } from "./c-source.mjs";
import { HANDLER } from "./kinds.mjs";

export class Bindings {
  #ffi;
  #declared;
  #constructed = new Map();

  constructor(ffi, batch, library) {
    this.#ffi = ffi;
    this.batch = batch;
    this.#declared = ffi.cdef(declarationsOf(batch));
    this.library = library;
    // One library gives a function under one signature only.
    this.again = new ffi.DynamicLibrary(library.path);
  }

  /** The function of a signature. */
  function(each) {
    const { name, style, hasErrno, isLeaf } = each;
    const options = { errno: hasErrno ?? false, leaf: isLeaf ?? false, threadSafe: true };
    if (style === "declared") {
      return this.library.getFunction(prototype(each), { ...options, types: this.#declared });
    }
    const { result, parameters, fixed, convention } = each;
    const types = parameters.map((type) => this.type(type, "constructed"));
    return this.library.getFunction(name, {
      arguments: types.slice(0, fixed),
      ...(fixed === undefined ? {} : { variadic: types.slice(fixed) }),
      return: this.type(result, "constructed"),
      ...(convention === undefined ? {} : { convention }),
      ...options,
    });
  }

  /** `call_f7`, which takes a function pointer of f7's signature. */
  caller(each) {
    const name = `call_${each.name}`;
    if (each.style === "declared") return this.library.define(name, this.#declared.functions[name]);
    const definition = { arguments: [this.callbackType(each)], return: "void" };
    return this.library.getFunction(name, definition);
  }

  /** The type of a pointer to functions of a signature. */
  callbackType({ result, parameters }) {
    return this.#ffi.callback({
      arguments: parameters.map((type) => this.field(type)),
      return: this.field(result),
    });
  }

  /** A type in a signature, where a name means what it does in node:ffi. */
  type(type, style) {
    if (type.kind === "scalar" && type.name === "bool") return "_Bool";
    if (type.kind === "aggregate" && style === "declared") {
      return this.#declared.types[`T${type.name}`];
    }
    return this.field(type);
  }

  /** A type in a struct, an array or a callback. */
  field(type) {
    const { array, callback, pointer } = this.#ffi;
    switch (type.kind) {
      case "void":
        return "void";
      case "scalar":
        if (type.name === HANDLER) return callback({ arguments: ["int"], return: "int" });
        return type.name === "void *" ? "pointer" : type.name;
      case "text":
        return TEXT_NAMES[type.unit];
      case "array":
        return array(this.field(type.element), type.length);
      case "pointer":
        return pointer(this.field(type.target), type.direction);
      case "function":
        return this.callbackType(type);
      default:
        return this.#named(type.name);
    }
  }

  #named(name) {
    let made = this.#constructed.get(name);
    if (made === undefined) {
      made = this.#construct(this.batch.types[name]);
      this.#constructed.set(name, made);
    }
    return made;
  }

  #construct({ kind, name, keyword, members, fields, isPacked, aligned }) {
    const { aligned: align, bits, enumeration, struct, union } = this.#ffi;
    if (kind === "enum") {
      const values = Object.entries(members).map(([key, value]) => {
        return [key, Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value)];
      });
      return enumeration(name, Object.fromEntries(values));
    }
    const make = keyword === "union" ? union : struct;
    const list = fields.map((field) => {
      const type = this.field(field.type);
      if (field.aligned !== undefined) return [field.name, align(type, field.aligned)];
      return [field.name, field.bits === undefined ? type : bits(type, field.bits)];
    });
    return make(name, list, { packed: isPacked ?? false, alignment: aligned ?? 1 });
  }

  close() {
    this.again.close();
    this.library.close();
  }
}

const TEXT_NAMES = { char: "string", char16_t: "utf16", char32_t: "utf32", wchar_t: "wstring" };
