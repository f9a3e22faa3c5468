import type { FieldSpec } from "../../src/ffi/types/aggregate.js";
import { aligned, array, bits, pointer, struct, union } from "../../src/ffi/types/constructors.js";
import type { AggregateType, CType } from "../../src/ffi/types/ctype.js";
import { enumeration } from "../../src/ffi/types/enumeration.js";
import type { CompositeName, TypeSpec } from "../../src/ffi/types/type-names.js";

/** A random type and the C source of the same declaration. */
export interface RandomType {
  readonly type: AggregateType;
  /** `struct s7` or `union s7`. */
  readonly c: string;
  /** The declaration of `c`; those of types inside of it come before in `sources`. */
  readonly source: string;
}

const SCALARS = [
  ["int8", "int8_t"],
  ["uint8", "uint8_t"],
  ["int16", "int16_t"],
  ["uint16", "uint16_t"],
  ["int32", "int32_t"],
  ["uint32", "uint32_t"],
  ["int64", "int64_t"],
  ["uint64", "uint64_t"],
  ["bool", "bool"],
  ["char", "char"],
  ["long", "long"],
  ["size_t", "size_t"],
  ["float", "float"],
  ["double", "double"],
  ["pointer", "void *"],
] as const satisfies readonly (readonly [CompositeName, string])[];

const BIT_TYPES = SCALARS.slice(0, 9);

/** Generates aggregates that may contain those generated before. */
export class TypeGenerator {
  readonly made: RandomType[] = [];
  /** Declarations of enums, which fields refer to. */
  readonly enums: string[] = [];

  constructor(
    private readonly random: () => number,
    private readonly allowed: { readonly isWindows: boolean },
  ) {}

  next(): RandomType {
    const isUnion = this.#chance(0.25);
    const kind = isUnion ? "union" : "struct";
    const tag = `s${this.made.length}`;
    const fields: [string | undefined, FieldSpec][] = [];
    const lines: string[] = [];
    const count = 1 + this.#below(6);
    for (let index = 0; index < count; index++) {
      const [name, spec, line] = this.#field(`f${index}`);
      fields.push([name, spec]);
      lines.push(line);
    }
    if (!isUnion && this.#chance(0.1)) {
      fields.push(["rest", array("int32")]);
      lines.unshift("int8_t first;");
      fields.unshift(["first", "int8"]);
      lines.push("int32_t rest[];");
    }
    const { options, before, attributes, after } = this.#options();
    const make = isUnion ? union : struct;
    const source = `${before}${kind} ${tag} { ${lines.join(" ")} }${attributes};${after}`;
    const made = { type: make(tag, fields, options), c: `${kind} ${tag}`, source };
    this.made.push(made);
    return made;
  }

  #options() {
    const choice = this.#below(6);
    const alignment = 2 ** (1 + this.#below(5));
    if (choice === 0) {
      return { options: { packed: true }, before: "", attributes: attribute("packed"), after: "" };
    }
    if (choice === 1) {
      const attributes = attribute(`aligned(${alignment})`);
      return { options: { alignment }, before: "", attributes, after: "" };
    }
    if (choice === 2) {
      const pack = 2 ** this.#below(4);
      const before = `#pragma pack(push, ${pack})\n`;
      return { options: { pack }, before, attributes: "", after: "\n#pragma pack(pop)" };
    }
    return { options: {}, before: "", attributes: "", after: "" };
  }

  #field(name: string): [string | undefined, FieldSpec, string] {
    const choice = this.#below(10);
    if (choice <= 1) return this.#bitField(name);
    if (choice === 2) {
      const bytes = 2 ** this.#below(6);
      const [spec, c] = this.#pick(SCALARS);
      return [
        name,
        aligned(spec as TypeSpec, bytes),
        `${c} ${name}${attribute(`aligned(${bytes})`)};`,
      ];
    }
    const [type, c] = this.#type();
    const lengths = this.#chance(0.3)
      ? [1 + this.#below(4), ...(this.#chance(0.3) ? [2] : [])]
      : [];
    let spec: TypeSpec = type;
    for (const length of lengths.toReversed()) spec = array(spec, length);
    return [name, spec, `${c} ${name}${lengths.map((length) => `[${length}]`).join("")};`];
  }

  #bitField(name: string): [string | undefined, FieldSpec, string] {
    const [spec, c] = this.#pick(BIT_TYPES);
    const most = spec === "bool" ? 1 : Number(/\d+/.exec(spec)?.[0]);
    const choice = this.#below(8);
    if (choice === 0) return [undefined, bits(spec, 0), `${c} : 0;`];
    const width = 1 + this.#below(most);
    if (choice === 1) return [undefined, bits(spec, width), `${c} : ${width};`];
    return [name, bits(spec, width), `${c} ${name} : ${width};`];
  }

  #type(): [TypeSpec, string] {
    const choice = this.#below(6);
    const known = this.made.filter(({ type }) => isNestable(type));
    if (choice <= 1 && known.length > 0) {
      const { type, c } = this.#pick(known);
      return [type, c];
    }
    if (choice === 2) return this.#enum();
    if (choice === 3) return [pointer("int32"), "int32_t *"];
    return this.#pick(SCALARS) as [TypeSpec, string];
  }

  #enum(): [CType, string] {
    const values = [
      [0, 5],
      [-3, 7],
      [0, 2 ** 31],
      [-1, 2 ** 31],
      [0, 2 ** 40],
    ];
    const [low = 0, high = 0] = this.#pick(this.allowed.isWindows ? values.slice(0, 2) : values);
    const tag = `e${this.enums.length}`;
    this.enums.push(`enum ${tag} { ${tag}_low = ${low}LL, ${tag}_high = ${high}LL };`);
    return [enumeration(tag, { [`${tag}_low`]: low, [`${tag}_high`]: high }), `enum ${tag}`];
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  #chance(probability: number): boolean {
    return this.random() < probability;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }
}

function attribute(text: string): string {
  return ` __attribute__((${text}))`;
}

/** C forbids a flexible array inside of another aggregate, and GCC gets odd with empty ones. */
function isNestable(type: AggregateType): boolean {
  const last = type.fields.at(-1)?.type;
  return type.size > 0 && type.size < 400 && !(last?.kind === "array" && last.length === undefined);
}
