import { ArgumentError } from "../../errors/index.js";
import type { EnumType } from "../types/ctype.js";
import { enumeration } from "../types/enumeration.js";
import { noAttributes, readAttributes } from "./attributes.js";
import type { Grammar } from "./grammar.js";
import { type Integer, integer } from "./integer.js";
import { lowerObject } from "./lower.js";
import { baseShape, type Shape } from "./shape.js";
import { defineTag, referTag } from "./tags.js";

/** Reads `enum name`, `enum name { ... }` or `enum { ... }`, with C23's `: type` too. */
export function readEnum(grammar: Grammar, isTypedef: boolean): Shape {
  const { cursor, scope } = grammar;
  const start = cursor.next();
  const attributes = noAttributes();
  readAttributes(grammar, attributes);
  const name = cursor.token.kind === "word" ? cursor.next().text : undefined;
  const base = cursor.take(":") ? lowerObject(grammar.specifiers().shape) : undefined;
  if (!cursor.is("{")) {
    if (name === undefined) throw cursor.problem('expected a name or "{" after enum');
    return { kind: "tag", tag: referTag(grammar, "enum", name, start), isConst: false };
  }
  const tag = name === undefined ? undefined : defineTag(grammar, "enum", name, start);
  const members = readMembers(grammar);
  readAttributes(grammar, attributes);
  const alias = isTypedef && cursor.token.kind === "word" ? cursor.token.text : undefined;
  const label = name ?? alias ?? "(anonymous)";
  const smallest = attributes.isPacked ? smallestBase(members) : undefined;
  const type = make(() => enumeration(label, valuesOf(members), (base ?? smallest) as "int"));
  retype(members, type);
  if (tag === undefined) return baseShape(type);
  tag.type = type;
  return { kind: "tag", tag, isConst: false };

  function make(build: () => EnumType): EnumType {
    try {
      return build();
    } catch (error) {
      if (error instanceof ArgumentError) throw cursor.problem(error.message, start);
      throw error;
    }
  }

  /** Enumerators have the enumeration's type where int does not hold them (C23 6.7.2.2). */
  function retype(list: ReadonlyMap<string, Integer>, { size }: EnumType): void {
    for (const [member, { value }] of list) {
      const isUnsigned = size < 8 ? value >= 1n << 31n : value >= 1n << 63n;
      scope.enumerators.set(member, integer(value, size === 8, isUnsigned));
    }
  }
}

/** The enumerators; each is a constant for those after it. */
function readMembers(grammar: Grammar): Map<string, Integer> {
  const { cursor, scope } = grammar;
  const members = new Map<string, Integer>();
  cursor.expect("{");
  let next = 0n;
  while (!cursor.take("}")) {
    const name = cursor.next();
    if (name.kind !== "word") throw cursor.problem("expected an enumerator's name", name);
    if (members.has(name.text)) {
      throw cursor.problem(`enumerator ${name.text} is defined twice`, name);
    }
    while (cursor.is("[[") || cursor.is("__attribute__")) {
      if (cursor.is("__attribute__")) cursor.next();
      cursor.skipBalanced();
    }
    const value = cursor.take("=") ? grammar.constant().value : next;
    const isNarrow = BigInt.asIntN(32, value) === value;
    const typed = integer(value, !isNarrow, value >= 1n << 63n);
    members.set(name.text, typed);
    grammar.names.enumerator(name.text, value, name.offset);
    scope.enumerators.set(name.text, typed);
    next = value + 1n;
    if (!cursor.is("}")) cursor.expect(",");
  }
  return members;
}

/** As numbers, or as bigints where one needs it. */
function valuesOf(members: ReadonlyMap<string, Integer>): Record<string, number | bigint> {
  const values = Object.create(null) as Record<string, number | bigint>;
  const fits = [...members.values()].every(({ value }) => {
    return value >= -(1n << 31n) && value < 1n << 32n;
  });
  for (const [name, { value }] of members) values[name] = fits ? Number(value) : value;
  return values;
}

/** GNU C's `packed` enum has the smallest type that holds the values. */
function smallestBase(members: ReadonlyMap<string, Integer>): string {
  const values = [...members.values()].map(({ value }) => value);
  const isSigned = values.some((value) => value < 0n);
  for (const bits of [8, 16, 32]) {
    const wrap = isSigned ? BigInt.asIntN : BigInt.asUintN;
    if (values.every((value) => wrap(bits, value) === value)) {
      return `${isSigned ? "" : "u"}int${bits}`;
    }
  }
  return isSigned ? "int64" : "uint64";
}
