// One call with values of its own: the arguments, the script for C, what C should record, and what
// must hold afterwards.
import { inspect } from "node:util";
import { chance } from "./random.mjs";
import { Writer } from "./tape.mjs";
import { isReadAsView } from "./types.mjs";
import { encodeUnits } from "./values.mjs";

export class Call {
  script = new Writer();
  record = new Writer();
  args = [];
  problems = [];
  #checks = [];
  #cleanups = [];

  constructor(context, each) {
    this.context = context;
    this.each = each;
  }

  /** Random arguments, in the order in which C looks at them, and a result. */
  prepare() {
    const { parameters, fixed = parameters.length, style } = this.each;
    for (const [index, type] of parameters.entries()) {
      const value = this.#argument(type, `a${index}`);
      const needsType = style === "declared" && index >= fixed;
      this.args.push(needsType ? this.#typed(type, value) : value);
    }
    this.#result();
    return this;
  }

  /** Compares what C recorded and returned. Gives the problems, in words. */
  verify(actual) {
    const { tapes } = this.context;
    const { each, problems } = this;
    const value = each.hasErrno ? actual.value : actual;
    problems.push(this.record.difference(tapes.record.bytes));
    problems.push(this.context.values.mismatch(each.result, this.result, value, "the result"));
    if (each.hasErrno && actual.errno !== this.errno) {
      problems.push(`errno is ${actual.errno}, not ${this.errno}`);
    }
    return this.#conclude();
  }

  /** What was found, and the arguments if anything was. */
  #conclude() {
    const { problems } = this;
    for (const check of this.#checks) problems.push(check());
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length > 0) found.push(`arguments: ${inspect(this.args, { depth: 8 })}`);
    return found;
  }

  /** Before C runs. */
  load() {
    const { script, record } = this.context.tapes;
    script.load(this.script.bytes);
    record.load(new Uint8Array(0));
  }

  /** After it. */
  dispose() {
    for (const cleanup of this.#cleanups) cleanup();
  }

  #argument(type, path) {
    switch (type.kind) {
      case "pointer":
        return this.#pointer(type, path);
      case "function":
        return this.#function(type, path);
      default:
        return this.#value(type, path);
    }
  }

  #value(type, path) {
    const { values, bindings } = this.context;
    const { style, fixed } = this.each;
    let value = values.make(type);
    // C has no way to say that a `const char *` may be null.
    if (type.kind === "text") value ??= type.unit === "char" || fixed !== undefined ? "" : null;
    values.see(this.record, this.script, type, value, path);
    if (type.kind !== "aggregate" || !chance(values.random, 0.3))
      return values.present(type, value);
    return bindings.type(type, style).view(this.#image(type, [value]));
  }

  /** In a declared variadic function's further arguments, a number says its type. */
  #typed(type, value) {
    if (type.kind === "text") return value;
    return [this.context.bindings.type(type, "declared"), value];
  }

  #result() {
    const { values } = this.context;
    const { result, hasErrno } = this.each;
    if (result.kind !== "void") {
      this.result = values.make(result);
      values.take(this.script, result, this.result, "the result");
    }
    if (!hasErrno) return;
    this.errno = Math.floor(values.random() * 1000);
    this.script.put(4, (view, at) => view.setInt32(at, this.errno, true), "errno");
  }

  #pointer(type, path) {
    const { values } = this.context;
    const { target, count, direction } = type;
    const form = this.#formOf(type);
    this.record.byte(form === "null" ? 0 : 1, path);
    if (form === "null") return null;
    const before = Array.from({ length: count }, () => values.make(target));
    const argument = this.#pointed(form, target, before);
    const after = Array.from({ length: count }, () => values.make(target));
    for (let index = 0; index < count; index++) {
      const here = `${path}[${index}]`;
      if (direction !== "out") values.see(this.record, this.script, target, before[index], here);
      if (direction !== "in") values.take(this.script, target, after[index], here);
    }
    if (direction !== "in") {
      this.#checks.push(() => this.#leftInMemory(form, target, after, argument, path));
    }
    return argument;
  }

  /** What has to be memory, because C's prototype says nothing about its direction or length. */
  #formOf({ target, direction, count, form }) {
    const { style } = this.each;
    const isView = isReadAsView(this.context.batch.types, target);
    if (form === "one" && (isView || count > 1)) return "memory";
    return style === "declared" && direction === "out" ? "memory" : form;
  }

  #pointed(form, target, list) {
    const { values } = this.context;
    if (form === "memory") return this.#image(target, list);
    const shown = list.map((value) => values.present(target, value));
    return form === "one" ? shown[0] : shown;
  }

  #leftInMemory(form, target, after, argument, path) {
    const { values } = this.context;
    const list = form === "one" ? [argument] : argument;
    const problems = after.map((value, index) => {
      const actual = form === "memory" ? this.#read(argument, target, index) : list[index];
      return values.mismatch(target, value, actual, `${path}[${index}] after the call`);
    });
    return problems.find((problem) => problem !== undefined);
  }

  /** The bytes of some values as C has them. */
  #image(type, list) {
    const { context } = this;
    if (type.kind === "aggregate") return context.image(type, list);
    const kind = context.values.kindOf(type);
    const size = context.sizeOf(type);
    const memory = Buffer.alloc(size * list.length);
    const view = new DataView(memory.buffer, memory.byteOffset, memory.length);
    for (const [index, value] of list.entries()) {
      if (kind.read === undefined) return context.longDoubles(list);
      kind.write(view, index * size, value);
    }
    return memory;
  }

  /** One of the values in memory. */
  #read(memory, type, index) {
    const size = this.context.sizeOf(type);
    if (type.kind === "aggregate") {
      return this.context.bindings.type(type, this.each.style).view(memory, index * size);
    }
    const kind = this.context.values.kindOf(type);
    if (kind.read === undefined) return this.context.longDouble(memory, index);
    return kind.read(new DataView(memory.buffer, memory.byteOffset), index * size);
  }

  /** A function pointer that C calls. */
  #function(type, path) {
    const { form } = type;
    this.record.byte(form === "null" ? 0 : 1, path);
    if (form === "null") return null;
    const listener = this.#listener(type, path);
    if (form !== "registered") return listener;
    return this.register(type, listener);
  }

  /** A function pointer that lasts until the call is disposed of. */
  register(type, listener) {
    const { library } = this.context.bindings;
    const pointer = library.registerCallback(this.context.bindings.callbackType(type), listener);
    this.#cleanups.push(() => library.unregisterCallback(pointer));
    return pointer;
  }

  /**
   * A callback as an argument of its own: C passes what the script says, and records the result.
   */
  prepareCallback() {
    return this.#listener(this.each, "the callback");
  }

  /** What C recorded, and that it called back. */
  verifyCallback() {
    this.problems.push(this.record.difference(this.context.tapes.record.bytes));
    return this.#conclude();
  }

  #listener({ parameters, result }, path) {
    const { values } = this.context;
    const wanted = parameters.map((type, index) => this.#passed(type, `${path}(b${index})`));
    const outcome = result.kind === "void" ? undefined : values.make(result);
    const given = this.#given(result, outcome);
    if (result.kind !== "void") values.see(this.record, this.script, result, outcome, `${path}()`);
    let calls = 0;
    this.#checks.push(() => (calls === 1 ? undefined : `${path} was called ${calls} times`));
    return (...args) => {
      calls++;
      for (const [index, check] of wanted.entries()) this.problems.push(check(args[index]));
      if (args.length !== wanted.length) this.problems.push(`${path} got ${args.length} arguments`);
      return given;
    };
  }

  /** What a callback returns: nothing keeps a string alive, so that C gets its address. */
  #given(type, value) {
    if (type.kind === "void") return undefined;
    if (type.kind !== "text") return this.context.values.present(type, value);
    if (value === null) return null;
    const units = encodeUnits(type.unit, value);
    const text = this.context.allocate(units.length + 4);
    text.set(units);
    this.#cleanups.push(() => text.fill(0));
    return this.context.addressOf(text);
  }

  /** Has C pass a value to a callback. Gives the comparison with what arrived. */
  #passed(type, path) {
    const { values } = this.context;
    if (type.kind === "pointer") return this.#passedMemory(type, path);
    // To JavaScript a function pointer that C has is an address.
    const known = type.kind === "function" ? { kind: "scalar", name: "void *" } : type;
    const value = values.make(known);
    values.take(this.script, known, value, path);
    return (actual) => values.mismatch(known, value, actual, path);
  }

  #passedMemory({ target, count }, path) {
    const { values } = this.context;
    const list = Array.from({ length: count }, () => values.make(target));
    for (const value of list) values.take(this.script, target, value, path);
    return (address) => {
      if (typeof address !== "bigint") return `${path} is ${typeof address}, not an address`;
      const memory = this.context.memoryAt(address, this.context.sizeOf(target) * count);
      const problems = list.map((value, index) => {
        const actual = this.#read(memory, target, index);
        return values.mismatch(target, value, actual, `${path}[${index}]`);
      });
      return problems.find((problem) => problem !== undefined);
    };
  }
}
