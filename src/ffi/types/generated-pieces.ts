import { isCharacter, writeWhole } from "./array-values.js";
import { copyBytes } from "./copy-bytes.js";
import type { AggregateType, ArrayType, CType } from "./ctype.js";
import { refuseField, refuseValue } from "./expected.js";
import {
  bytesReader,
  fieldPiece,
  flatFields,
  isBytes,
  isReadAsView,
  type NamedField,
  refuseFlexible,
} from "./object-pieces.js";
import type { Piece, Workshop } from "./piece.js";
import { readSize } from "./scalar-piece.js";
import { inlinedType, readSource, writeSource } from "./scalar-source.js";
import { isFlexible } from "./type-object.js";
import { dataOf, TYPE } from "./view.js";

/** Types with more scalars than this are a function of their own inside of others. */
const MAX_INLINED = 64;

/** What the source calls by name. */
const TOOLS = {
  refuseValue,
  refuseField,
  refuseFlexible,
  readSize,
  writeWhole,
  copyBytes,
  dataOf,
  TYPE,
};

/**
 * Writes the piece of a struct or array as source, its nested parts included. Names in the source
 * are quoted by JSON; everything else comes from our own tables and layout numbers.
 */
export function generatePiece(type: AggregateType | ArrayType, workshop: Workshop): Piece {
  const builder = new PieceBuilder(type, workshop);
  const write = builder.write(type, { base: "at", offset: 0, path: "path" }, "v", "");
  const read = builder.read(type, "at");
  const source = `"use strict";
const { ${Object.keys(TOOLS).join(", ")} } = tools;
${builder.declarations()}
return {
write(m, at, v, c, path) { ${write} },
read(m, at) { return ${read}; },
};`;
  const make = new Function("tools", "constants", source);
  return make(TOOLS, builder.constants) as Piece;
}

/** Whether a piece can be generated: not for what only the closures do. */
export function isGenerated(type: CType): type is AggregateType | ArrayType {
  if (type.kind === "struct") return !isReadAsView(type);
  return type.kind === "array" && !isCharacter(type.element);
}

/** Where a part is: bytes from the variables in `base`, and the source of its path. */
interface Place {
  readonly base: string;
  readonly offset: number;
  readonly path: string;
}

class PieceBuilder {
  readonly constants: unknown[] = [];
  readonly #functions: string[] = [];
  #variables = 0;

  constructor(
    private readonly root: CType,
    private readonly workshop: Workshop,
  ) {}

  declarations(): string {
    const names = this.constants.map((_, index) => `k${index}`);
    const constants = names.length === 0 ? "" : `const [${names.join(", ")}] = constants;`;
    return [constants, ...this.#functions].join("\n");
  }

  /** Statements that check and store `v`; `fail` words a refusal better than the type alone. */
  write(type: CType, place: Place, v: string, fail: string): string {
    const at = `${place.base} + ${place.offset}`;
    const refuse = fail || `refuseValue(c, ${place.path}, ${this.#constant(type)}, ${v})`;
    const scalar = inlinedType(type);
    if (scalar !== undefined) return writeSource(scalar, at, v, refuse);
    const isMissing = fail && `if (${v} === undefined) ${fail};`;
    if (!this.#isInlined(type)) {
      const piece = this.#constant(this.workshop.pieceOf(type));
      return `${isMissing} ${piece}.write(m, ${at}, ${v}, c, ${place.path});`;
    }
    return type.kind === "array"
      ? `${isMissing} ${this.#writeArray(type, place, v)}`
      : `${isMissing} ${this.#writeStruct(type, place, v)}`;
  }

  /** An expression that reads the type at `at`. */
  read(type: CType, at: string): string {
    const scalar = inlinedType(type);
    if (scalar !== undefined) return readSource(scalar, at);
    if (!this.#isInlined(type)) {
      return `${this.#constant(this.workshop.pieceOf(type))}.read(m, ${at})`;
    }
    if (type.kind !== "array") return this.#readStruct(type, at);
    if (isBytes(type)) return `${this.#constant(bytesReader(type.size))}(m, ${at})`;
    return this.#readList(type, at);
  }

  /** The root is inlined whatever its weight, or it would be made of itself. */
  #isInlined(type: CType): type is AggregateType | ArrayType {
    return isGenerated(type) && (type === this.root || weightOf(type) <= MAX_INLINED);
  }

  #writeStruct(type: AggregateType, place: Place, v: string): string {
    const known = this.#constant(type);
    const whole = `${place.base} + ${place.offset}`;
    const fields = flatFields(type).map((field) => this.#writeField(field, type, place, v));
    return `if (typeof ${v} !== "object" || ${v} === null) refuseValue(c, ${place.path}, ${known}, ${v});
if (${v}[TYPE] === ${known}) copyBytes(dataOf(${v}), 0, m, ${whole}, ${type.size});
else {
${fields.join("\n")}
}`;
  }

  #writeField(field: NamedField, whole: AggregateType, place: Place, object: string): string {
    const value = this.#variable("v");
    const { name, type } = field;
    const inner = {
      base: place.base,
      offset: place.offset + field.offset,
      path: `${place.path} + ${JSON.stringify(`.${name}`)}`,
    };
    const get = `const ${value} = ${object}[${JSON.stringify(name)}];`;
    if (isFlexible(type)) {
      return `${get} if (${value} !== undefined) refuseFlexible(c, ${inner.path}, ${value});`;
    }
    const named = this.#constant({ name, type });
    const owner = this.#constant(whole);
    const fail = `refuseField(c, ${place.path}, ${owner}, ${object}, ${named}, ${value})`;
    if (field.bits === undefined) return `${get} ${this.write(type, inner, value, fail)}`;
    const piece = this.#constant(fieldPiece(field, this.workshop));
    return `${get} if (${value} === undefined) ${fail};
${piece}.write(m, ${inner.base} + ${inner.offset}, ${value}, c, ${inner.path});`;
  }

  #writeArray(type: ArrayType, place: Place, v: string): string {
    const known = this.#constant(type);
    const at = `${place.base} + ${place.offset}`;
    const index = this.#variable("i");
    const element = this.#variable("v");
    const { length = 0 } = type;
    const inner = {
      base: `${at} + ${index} * ${type.element.size}`,
      offset: 0,
      path: `${place.path} + "[" + ${index} + "]"`,
    };
    const refuse = `refuseValue(c, ${place.path}, ${known}, ${v})`;
    return `if (!Array.isArray(${v})) {
if (!writeWhole(m, ${at}, ${known}, ${v}, c, ${place.path})) ${refuse};
} else {
if (${v}.length !== ${length}) ${refuse};
for (let ${index} = 0; ${index} < ${length}; ${index}++) {
const ${element} = ${v}[${index}];
${this.write(type.element, inner, element, "")}
}
}`;
  }

  #readStruct(type: AggregateType, at: string): string {
    const fields = flatFields(type)
      .filter((field) => !isFlexible(field.type))
      .map((field) => {
        const place = `${at} + ${field.offset}`;
        const value =
          field.bits === undefined
            ? this.read(field.type, place)
            : `${this.#constant(fieldPiece(field, this.workshop))}.read(m, ${place})`;
        return `${JSON.stringify(field.name)}: ${value}`;
      });
    return `{ ${fields.join(", ")} }`;
  }

  #readList(type: ArrayType, at: string): string {
    const name = this.#variable("r");
    const index = this.#variable("i");
    const element = this.read(type.element, `at + ${index} * ${type.element.size}`);
    this.#functions.push(`function ${name}(m, at) {
const list = [];
for (let ${index} = 0; ${index} < ${type.length ?? 0}; ${index}++) list.push(${element});
return list;
}`);
    return `${name}(m, ${at})`;
  }

  #constant(value: unknown): string {
    const known = this.constants.indexOf(value);
    if (known >= 0) return `k${known}`;
    this.constants.push(value);
    return `k${this.constants.length - 1}`;
  }

  #variable(prefix: string): string {
    this.#variables += 1;
    return `${prefix}${this.#variables}`;
  }
}

const weights = new WeakMap<CType, number>();

/** How many scalars the source of a type handles; a loop counts its body once. */
function weightOf(type: CType): number {
  const known = weights.get(type);
  if (known !== undefined) return known;
  let weight = 1;
  if (type.kind === "array") weight += weightOf(type.element);
  if (type.kind === "struct" || type.kind === "union") {
    for (const field of type.fields) weight += weightOf(field.type);
  }
  weights.set(type, weight);
  return weight;
}
