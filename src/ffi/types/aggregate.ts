import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../../internal/options.js";
import { BitField } from "./bit-field.js";
import type { AggregateType, CType } from "./ctype.js";
import { type LayoutRules, layOut, type Member, roundUp } from "./layout.js";
import { resolveComplete, type TypeSpec } from "./type-names.js";
import { isFlexible, makeType, uniqueKey, varyType } from "./type-object.js";
import { viewOver } from "./views.js";

/** What stands for a field's type. */
export type FieldSpec = TypeSpec | BitField;

/** Fields by name, in order. */
export type FieldRecord = Readonly<Record<string, FieldSpec>>;

/** Fields as pairs; without a name an anonymous struct or union, or the padding of a bit-field. */
export type FieldList = readonly (readonly [name: string | undefined, type: FieldSpec])[];

export interface AggregateOptions {
  /** No member is aligned, as by GNU C's `__attribute__((packed))`. Default: false. */
  readonly packed?: boolean;
  /** The most that a member is aligned to, in bytes: 1, 2, 4, 8 or 16, as by `#pragma pack`. */
  readonly pack?: number;
  /** The least alignment of the whole, in bytes: a power of two up to 65536. */
  readonly alignment?: number;
}

interface ViewableAggregate extends AggregateType {
  /** Accessors over memory: see `viewOver`. */
  view(memory?: unknown, byteOffset?: number): object;
}

/** How a type was declared, for `packed` and `aligned` to lay it out again. */
interface Declared {
  readonly tag: string | undefined;
  readonly members: readonly Member[];
  readonly options: AggregateOptions;
}

const declarations = new WeakMap<CType, Declared>();
/** Of types that `aligned` made: a member keeps this alignment in a packed struct. */
const memberAlignments = new WeakMap<CType, number>();

/** Makes a struct or union type from its declaration. */
export function makeAggregate(
  kind: "struct" | "union",
  tag: string | undefined,
  fields: unknown,
  options: unknown = {},
): AggregateType {
  const name = tag === undefined ? `${kind} (anonymous)` : `${kind} ${tag}`;
  const checked = checkOptions(options, `options of ${name}`);
  const entries = fieldEntries(fields, name);
  const members = entries.map(([field, spec], index) => {
    const where = `field ${field ?? index + 1} of ${name}`;
    const isLast = index === entries.length - 1;
    return toMember(kind, where, field, spec, isLast);
  });
  refuseDoubles(members, name);
  return build(kind, { tag, members, options: checked });
}

/** The same members without alignment. */
export function repack(type: AggregateType): AggregateType {
  const declared = declarationOf(type);
  return build(type.kind, { ...declared, options: { ...declared.options, packed: true } });
}

/** The same type with at least this alignment; an aggregate's size becomes a multiple of it. */
export function realign(type: CType, alignment: number): CType {
  if (type.kind === "struct" || type.kind === "union") {
    const declared = declarationOf(type);
    return build(type.kind, { ...declared, options: { ...declared.options, alignment } });
  }
  return alignMember(type, alignment);
}

/**
 * The type of a member with an alignment of its own, which a packed struct keeps. Its size stays,
 * and nothing but packing the member itself (`isPacked`) makes it less than the type's.
 */
export function alignMember(type: CType, alignment: number, isPacked = false): CType {
  const aligned = varyType(type, {
    key: `${type.key}@${alignment}${isPacked ? "p" : ""}`,
    alignment: isPacked ? alignment : Math.max(type.alignment, alignment),
  });
  memberAlignments.set(aligned, alignment);
  return aligned;
}

export function requireAlignment(value: unknown, name: string): asserts value is number {
  requireInteger(value, name, 1, 65536);
  if (!Number.isInteger(Math.log2(value))) {
    throw new ArgumentError(`${name} must be a power of two, got ${value}`);
  }
}

function build(kind: "struct" | "union", declared: Declared): AggregateType {
  const { tag, members, options } = declared;
  const rules: LayoutRules = {
    isUnion: kind === "union",
    isPacked: options.packed ?? false,
    pack: options.pack,
    bitFields: process.platform === "win32" ? "microsoft" : "itanium",
  };
  const name = tag === undefined ? `${kind} (anonymous)` : `${kind} ${tag}`;
  const layout = layOut(members, rules, name);
  const alignment = Math.max(layout.alignment, options.alignment ?? 1);
  const type = makeType<ViewableAggregate>({
    kind,
    name,
    key: uniqueKey(kind === "struct" ? "s" : "u"),
    size: roundUp(layout.size, alignment),
    alignment,
    naturalAlignment: layout.alignment,
    fields: layout.fields,
    view(memory, byteOffset) {
      return viewOver(this, memory, byteOffset);
    },
  });
  declarations.set(type, declared);
  return type;
}

function declarationOf(type: AggregateType): Declared {
  const declared = declarations.get(type);
  if (declared === undefined) throw new Error(`${type.name} has no declaration`);
  return declared;
}

function checkOptions(options: unknown, where: string): AggregateOptions {
  requireKnownOptions(options, ["packed", "pack", "alignment"], where);
  const { packed, pack, alignment } = options as Record<string, unknown>;
  if (packed !== undefined) requireBoolean(packed, `packed in ${where}`);
  if (pack !== undefined) {
    requireAlignment(pack, `pack in ${where}`);
    requireInteger(pack, `pack in ${where}`, 1, 16);
  }
  if (alignment !== undefined) requireAlignment(alignment, `alignment in ${where}`);
  return options;
}

function fieldEntries(fields: unknown, name: string): (readonly [string | undefined, unknown])[] {
  if (Array.isArray(fields)) return fields.map((entry, index) => pair(entry, index, name));
  if (typeof fields !== "object" || fields === null) {
    throw new ArgumentError(
      `fields of ${name} must be an object or an array of pairs, got ${describeValue(fields)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return Object.entries(fields);
}

function pair(entry: unknown, index: number, name: string): readonly [string | undefined, unknown] {
  const isPair = Array.isArray(entry) && entry.length === 2;
  if (!isPair || (entry[0] !== undefined && typeof entry[0] !== "string")) {
    throw new ArgumentError(
      `field ${index + 1} of ${name} must be a pair [name, type], got ${describeValue(entry)}`,
    );
  }
  return [entry[0], entry[1]];
}

function toMember(
  kind: "struct" | "union",
  where: string,
  name: string | undefined,
  spec: unknown,
  isLast: boolean,
): Member {
  if (name !== undefined) requireFieldName(name, where);
  if (spec instanceof BitField) return bitMember(where, name, spec);
  const type = resolveComplete(spec, where);
  if (name === undefined && type.kind !== "struct" && type.kind !== "union") {
    throw new ArgumentError(`${where} must have a name, because it is no struct or union`);
  }
  if (isFlexible(type) && !(isLast && kind === "struct")) {
    throw new ArgumentError(
      `${where} has no length: only the last field of a struct may have none`,
    );
  }
  return { name, type, alignment: memberAlignments.get(type) };
}

function bitMember(where: string, name: string | undefined, { type, width }: BitField): Member {
  if (width === 0 && name !== undefined) {
    throw new ArgumentError(`${where} must have at least 1 bit, got 0`);
  }
  return { name, type, width };
}

/** Integers come first in a JavaScript object, whatever the order they were written in. */
function requireFieldName(name: string, where: string): void {
  if (name === "" || name === "__proto__" || /^(0|[1-9]\d*)$/.test(name)) {
    throw new ArgumentError(
      `${where} must have another name: not empty, not an integer, not __proto__`,
    );
  }
}

function refuseDoubles(members: readonly Member[], name: string): void {
  const seen = new Set<string>();
  const visit = (field: string | undefined, type: CType) => {
    if (field === undefined) {
      if (type.kind === "struct" || type.kind === "union") {
        for (const inner of type.fields) visit(inner.name, inner.type);
      }
      return;
    }
    if (seen.has(field)) throw new ArgumentError(`${name} has two fields of the name ${field}`);
    seen.add(field);
  };
  for (const member of members) visit(member.name, member.type);
}
