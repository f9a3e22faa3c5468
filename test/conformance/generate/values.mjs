// Values of the generated types: made, shown to JavaScript, written as C records or takes them, and
// compared with what came back.
//
// A value in the generator's own form is a scalar, a string or null, a list of the elements of an
// array or of the fields of a struct, or { member, value } of a union.
import { KINDS } from "./kinds.mjs";
import { chance, integer, pick } from "./random.mjs";

const ALPHABET = [..."aZ09 ~", "ü", "ß", "€", "你", "🌍"];
const MAX_TEXT = 20;
const UNIT_BYTES = { char: 1, char16_t: 2, char32_t: 4, wchar_t: 4 };

/** The kind of scalar that an enum is: the choice of GCC and Clang. */
export function enumKind({ members }) {
  const values = Object.values(members).map(BigInt);
  const isNegative = values.some((value) => value < 0n);
  const isWide = values.some((value) => value > (isNegative ? 2n ** 31n - 1n : 2n ** 32n - 1n));
  return KINDS[`${isNegative ? "" : "u"}int${isWide ? 64 : 32}_t`];
}

/** `char[N]` is text to JavaScript. */
function isCharacters({ kind, element }) {
  return kind === "array" && element.kind === "scalar" && element.name === "char";
}

export class Values {
  constructor(types, random) {
    this.types = types;
    this.random = random;
  }

  /** The scalar kind of a type that is one number; undefined for others. */
  kindOf(type) {
    if (type.kind === "enum") return enumKind(this.types[type.name]);
    return type.kind === "scalar" ? KINDS[type.name] : undefined;
  }

  make(type) {
    const { random } = this;
    switch (type.kind) {
      case "text":
        return chance(random, 0.1) ? null : this.#text(MAX_TEXT);
      case "array":
        if (isCharacters(type)) return this.#bounded(type.length);
        return Array.from({ length: type.length }, () => this.make(type.element));
      case "aggregate":
        return this.#makeMembers(this.types[type.name]);
      case "enum":
        return this.#makeEnum(type);
      default:
        return KINDS[type.name].make(random);
    }
  }

  #makeMembers({ keyword, fields }) {
    const make = ({ type, bits }) =>
      bits === undefined ? this.make(type) : this.#makeBits(type, bits);
    if (keyword === "struct") return fields.map(make);
    const member = integer(this.random, 0, fields.length - 1);
    return { member, value: make(fields[member]) };
  }

  #makeBits(type, bits) {
    const value = this.make(type);
    const { isSigned, isBig } = KINDS[type.name];
    if (typeof value === "boolean") return value;
    const wrapped = (isSigned ? BigInt.asIntN : BigInt.asUintN)(bits, BigInt(value));
    return isBig ? wrapped : Number(wrapped);
  }

  #makeEnum(type) {
    const kind = this.kindOf(type);
    if (chance(this.random, 0.3)) return kind.make(this.random);
    const value = BigInt(pick(this.random, Object.values(this.types[type.name].members)));
    return kind.isBig ? value : Number(value);
  }

  #text(most) {
    const length = integer(this.random, 0, most);
    return Array.from({ length }, () => pick(this.random, ALPHABET)).join("");
  }

  /** Text of so many bytes at most. */
  #bounded(bytes) {
    for (;;) {
      const text = this.#text(bytes);
      if (Buffer.byteLength(text) <= bytes) return text;
    }
  }

  /** The value as a caller would write it down. */
  present(type, value) {
    switch (type.kind) {
      case "array":
        if (isCharacters(type)) return value;
        return this.#presentList(type, value);
      case "aggregate":
        return this.#presentMembers(this.types[type.name], value, {});
      case "enum":
        return this.#presentEnum(type, value);
      default:
        return value;
    }
  }

  #presentList({ element }, list) {
    const kind = element.kind === "scalar" ? KINDS[element.name] : undefined;
    const hasArray = kind?.Column && !kind.isAddress && !["bool", "size_t"].includes(element.name);
    if (hasArray && chance(this.random, 0.3)) return kind.Column.from(list);
    return list.map((item) => this.present(element, item));
  }

  #presentMembers({ keyword, fields }, value, object) {
    const list =
      keyword === "struct"
        ? fields.map((field, index) => [field, value[index]])
        : [[fields[value.member], value.value]];
    for (const [{ name, type, isAnonymous }, item] of list) {
      if (isAnonymous) this.#presentMembers(this.types[type.name], item, object);
      else object[name] = this.present(type, item);
    }
    return object;
  }

  #presentEnum(type, value) {
    const { members } = this.types[type.name];
    const name = Object.keys(members).find((key) => BigInt(members[key]) === BigInt(value));
    return name !== undefined && chance(this.random, 0.5) ? name : value;
  }

  /** C records the value; of a union, the script names the member first. */
  see(record, script, type, value, path) {
    this.#walk(record, script, type, value, path);
  }

  /** C takes the value from the script. */
  take(script, type, value, path) {
    this.#walk(script, script, type, value, path);
  }

  #walk(tape, script, type, value, path) {
    switch (type.kind) {
      case "text":
        writeText(tape, type.unit, value, path);
        return;
      case "array":
        if (isCharacters(type)) writeCharacters(tape, value, type.length, path);
        else {
          for (const [index, item] of value.entries()) {
            this.#walk(tape, script, type.element, item, `${path}[${index}]`);
          }
        }
        return;
      case "aggregate":
        this.#walkMembers(tape, script, this.types[type.name], value, path);
        return;
      default: {
        const kind = this.kindOf(type);
        tape.put(kind.bytes, (view, at) => kind.write(view, at, value), path);
      }
    }
  }

  #walkMembers(tape, script, { keyword, fields }, value, path) {
    if (keyword === "union") script.byte(value.member, `${path} (member)`);
    for (const [index, { name = "", type, bits }] of fields.entries()) {
      if (keyword === "union" && index !== value.member) continue;
      const item = keyword === "union" ? value.value : value[index];
      const here = `${path}.${name}`;
      if (bits === undefined) this.#walk(tape, script, type, item, here);
      else tape.put(8, (view, at) => view.setBigInt64(at, BigInt(item), true), here);
    }
  }

  /** How what came back differs, in words; undefined if it does not. */
  mismatch(type, value, actual, path) {
    switch (type.kind) {
      case "void":
        return actual === undefined ? undefined : `${path} is ${String(actual)}, not undefined`;
      case "array":
        if (isCharacters(type)) return charactersMismatch(value, actual, path);
        return this.#firstMismatch(
          value.map((item, index) => [type.element, item, at(actual, index), `${path}[${index}]`]),
        );
      case "aggregate":
        return this.#membersMismatch(this.types[type.name], value, actual, path);
      default:
        if (Object.is(actual, value)) return undefined;
        return `${path} is ${show(actual)}, not ${show(value)}`;
    }
  }

  #membersMismatch({ keyword, fields }, value, actual, path) {
    if (typeof actual !== "object" || actual === null) return `${path} is ${show(actual)}`;
    const list =
      keyword === "struct"
        ? fields.map((field, index) => [field, value[index]])
        : [[fields[value.member], value.value]];
    return this.#firstMismatch(
      list.map(([{ name, type, isAnonymous }, item]) =>
        isAnonymous ? [type, item, actual, path] : [type, item, actual[name], `${path}.${name}`],
      ),
    );
  }

  #firstMismatch(parts) {
    for (const part of parts) {
      const problem = this.mismatch(...part);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

/** An element of an array, a typed array or the view of one. */
function at(list, index) {
  return typeof list?.at === "function" ? list.at(index) : undefined;
}

function show(value) {
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0)
    ? "-0"
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}

function charactersMismatch(value, actual, path) {
  return actual === value ? undefined : `${path} is ${show(actual)}, not ${show(value)}`;
}

/** `char[N]`: all of its bytes. */
function writeCharacters(tape, text, length, path) {
  const bytes = Buffer.from(text);
  tape.put(
    length,
    (view, at) =>
      new Uint8Array(view.buffer, at, length).set(
        [...bytes, ...Buffer.alloc(length)].slice(0, length),
      ),
    path,
  );
}

/** The units of a text, without the terminating NUL. */
export function encodeUnits(unit, text) {
  const size = UNIT_BYTES[unit];
  if (size === 1) return Buffer.from(text);
  if (size === 2) return Buffer.from(text, "utf16le");
  const points = Uint32Array.from(text, (character) => character.codePointAt(0));
  return Buffer.from(points.buffer);
}

function writeText(tape, unit, text, path) {
  tape.byte(text === null ? 0 : 1, path);
  if (text === null) return;
  const bytes = encodeUnits(unit, text);
  tape.put(4, (view, at) => view.setUint32(at, bytes.length / UNIT_BYTES[unit], true), path);
  tape.put(
    bytes.length,
    (view, at) => new Uint8Array(view.buffer, at, bytes.length).set(bytes),
    path,
  );
}
