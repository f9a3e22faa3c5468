import { ArgumentError } from "../../errors/index.js";
import { makeAggregate } from "../types/aggregate.js";
import { BitField } from "../types/bit-field.js";
import type { CType } from "../types/ctype.js";
import { adjust, realignMember } from "./adjust.js";
import { type Attributes, noAttributes, readAttributes } from "./attributes.js";
import type { Declarator, Grammar, Specifiers } from "./grammar.js";
import { isVoid, lowerObject, problemOf } from "./lower.js";
import { baseShape, type Shape, type Tag, unsupportedShape } from "./shape.js";
import { takeAssertion } from "./skipping.js";
import { defineTag, referTag } from "./tags.js";
import type { Token } from "./tokens.js";

type Keyword = "struct" | "union";
type Field = readonly [name: string | undefined, type: CType | BitField];

/** Reads `struct name`, `struct name { ... }` or `struct { ... }`, or the same of a union. */
export function readAggregate(grammar: Grammar, keyword: Keyword, isTypedef: boolean): Shape {
  const { cursor } = grammar;
  const start = cursor.next();
  const attributes = noAttributes();
  readAttributes(grammar, attributes);
  const name = cursor.token.kind === "word" ? cursor.next().text : undefined;
  readAttributes(grammar, attributes);
  if (!cursor.is("{")) {
    if (name === undefined) throw cursor.problem(`expected a name or "{" after ${keyword}`);
    return { kind: "tag", tag: referTag(grammar, keyword, name, start), isConst: false };
  }
  const tag = name === undefined ? undefined : defineTag(grammar, keyword, name, start);
  const body = new BodyReader(grammar);
  cursor.nested(() => body.read());
  readAttributes(grammar, attributes);
  // An unnamed struct is called after its typedef.
  const alias = isTypedef && cursor.token.kind === "word" ? cursor.token.text : undefined;
  const shape = build(grammar, keyword, name ?? alias, body, attributes, start);
  return tag === undefined ? shape : complete(tag, shape);
}

function build(
  { cursor, pack }: Grammar,
  keyword: Keyword,
  name: string | undefined,
  { fields, problem }: BodyReader,
  { isPacked, alignment }: Attributes,
  start: Token,
) {
  if (problem !== undefined) {
    return unsupportedShape(`${keyword} ${name ?? "(anonymous)"}`, `is not supported: ${problem}`);
  }
  const options = {
    ...(isPacked && { packed: true }),
    ...(pack !== undefined && { pack }),
    ...(alignment !== undefined && { alignment }),
  };
  try {
    return baseShape(makeAggregate(keyword, name, fields, options));
  } catch (error) {
    if (error instanceof ArgumentError) throw cursor.problem(error.message, start);
    throw error;
  }
}

function complete(tag: Tag, { type, problem }: ReturnType<typeof build>): Shape {
  if (problem === undefined) tag.type = type;
  else tag.problem = problem;
  return { kind: "tag", tag, isConst: false };
}

/** Reads what stands between the braces. */
class BodyReader {
  readonly fields: Field[] = [];
  /** Why no value of the type can be used: the first member of a type that is not supported. */
  problem: string | undefined;

  constructor(private readonly grammar: Grammar) {}

  read(): void {
    const { cursor } = this.grammar;
    cursor.expect("{");
    while (!cursor.take("}")) {
      if (cursor.take(";") || takeAssertion(cursor)) continue;
      this.readMembers();
    }
  }

  private readMembers(): void {
    const { cursor } = this.grammar;
    const start = cursor.token;
    const specifiers = this.grammar.specifiers();
    if (cursor.take(";")) {
      this.addAnonymous(specifiers, start);
      return;
    }
    const { shape, attributes } = specifiers;
    do {
      const token = cursor.token;
      const declarator = this.grammar.declarator(shape, cursor.is(":") ? "none" : "required");
      const bits = cursor.take(":") ? this.grammar.constant().value : undefined;
      readAttributes(this.grammar, declarator.attributes);
      merge(declarator.attributes, attributes);
      if (bits === undefined) this.addField(declarator, token);
      else this.addBits(declarator, bits, token);
    } while (cursor.take(","));
    if (!cursor.is(";") && !cursor.is("}")) throw cursor.problem('expected ";"');
    cursor.take(";");
  }

  /**
   * C11's anonymous members have neither tag nor typedef. With one nothing is declared but the tag,
   * unless Microsoft's extensions are in force (GCC manual, "Unnamed Structure and Union Fields").
   */
  private addAnonymous({ shape, isNamed, attributes }: Specifiers, start: Token): void {
    if (isNamed && !this.grammar.msExtensions) return;
    if (shape.kind === "tag" ? shape.tag.keyword === "enum" : shape.kind !== "base") return;
    const problem = problemOf(shape);
    if (problem === undefined) {
      const type = lowerObject(shape);
      if (type.kind !== "struct" && type.kind !== "union") return;
      this.fields.push([undefined, realignMember(type, attributes)]);
    } else if (isIncomplete(shape)) throw this.grammar.cursor.problem(problem, start);
    else this.problem ??= problem;
  }

  private addField(declarator: Declarator, token: Token): void {
    const { cursor } = this.grammar;
    const shape = adjust(declarator.shape, declarator.attributes);
    if (isVoid(shape) || shape.kind === "function") {
      throw cursor.problem("a field needs a type with a size", token);
    }
    const problem = problemOf(shape);
    if (problem === undefined) {
      this.fields.push([declarator.name, realignMember(lowerObject(shape), declarator.attributes)]);
    } else if (isIncomplete(shape)) throw cursor.problem(problem, token);
    else this.problem ??= problem;
  }

  private addBits({ name, shape, attributes }: Declarator, bits: bigint, token: Token): void {
    const { cursor } = this.grammar;
    if (attributes.isPacked || attributes.alignment !== undefined) {
      throw cursor.problem("a bit-field cannot be packed or aligned on its own", token);
    }
    try {
      const type = lowerObject(adjust(shape, attributes));
      this.fields.push([name, new BitField(type, Number(bits))]);
    } catch (error) {
      if (error instanceof ArgumentError) throw cursor.problem(error.message, token);
      throw error;
    }
  }
}

/** A field of a type that is only declared is a mistake; one that is not supported is not. */
function isIncomplete(shape: Shape): boolean {
  if (shape.kind === "array") return isIncomplete(shape.element);
  return shape.kind === "tag" && shape.tag.problem === undefined;
}

function merge(own: Attributes, common: Attributes): void {
  own.isPacked ||= common.isPacked;
  own.alignment = Math.max(own.alignment ?? 0, common.alignment ?? 0) || undefined;
  own.mode ??= common.mode;
  own.unsupported ??= common.unsupported;
}
