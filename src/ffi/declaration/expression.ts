import type { CType } from "../types/ctype.js";
import { concreteType, NATIVE_TYPES } from "../types/types.js";
import type { Grammar } from "./grammar.js";
import {
  applyBinary,
  type Integer,
  integer,
  PRECEDENCE,
  parseCharacter,
  parseInteger,
  truth,
} from "./integer.js";
import { isUsable, layoutOf, lowerObject } from "./lower.js";
import type { Layout } from "./shape.js";

const ALIGNOF_WORDS = new Set(["_Alignof", "alignof", "__alignof__", "__alignof"]);

/** Reads an integer constant expression with all of C's operators (C11 6.6). */
export function readConstant(grammar: Grammar): Integer {
  return new ExpressionReader(grammar).conditional();
}

class ExpressionReader {
  private readonly cursor;

  constructor(private readonly grammar: Grammar) {
    this.cursor = grammar.cursor;
  }

  conditional(): Integer {
    return this.cursor.nested(() => {
      const condition = this.binary(0);
      if (!this.cursor.take("?")) return condition;
      const yes = this.conditional();
      this.cursor.expect(":");
      const no = this.conditional();
      const chosen = condition.value !== 0n ? yes : no;
      return applyBinary("+", chosen, { ...(chosen === yes ? no : yes), value: 0n }) ?? chosen;
    });
  }

  private binary(level: number): Integer {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    while (operators.some((operator) => this.cursor.is(operator))) {
      const operator = this.cursor.next();
      const right = this.binary(level + 1);
      const result = applyBinary(operator.text, left, right);
      if (result === undefined) {
        const what = operator.text.length === 1 ? "division by zero" : "shift beyond the type";
        throw this.cursor.problem(what, operator);
      }
      left = result;
    }
    return left;
  }

  private unary(): Integer {
    return this.cursor.nested(() => {
      if (this.cursor.take("!")) return truth(this.unary().value === 0n);
      for (const [operator, compute] of UNARY) {
        if (!this.cursor.take(operator)) continue;
        const { value, isWide, isUnsigned } = this.unary();
        return integer(compute(value), isWide, isUnsigned);
      }
      if (this.cursor.take("sizeof")) return this.measure((type) => type.size);
      if (ALIGNOF_WORDS.has(this.cursor.token.text)) {
        this.cursor.next();
        return this.measure((type) => type.alignment);
      }
      return this.castOrPrimary();
    });
  }

  private measure(of: (layout: Layout) => number): Integer {
    const start = this.cursor.expect("(");
    if (!this.grammar.startsType()) throw this.cursor.problem("expected a type");
    const shape = this.grammar.typeName();
    this.cursor.expect(")");
    const layout = layoutOf(shape);
    if (layout === undefined) throw this.cursor.problem("a type without a size", start);
    return integer(BigInt(of(layout)), true, true);
  }

  private castOrPrimary(): Integer {
    const token = this.cursor.token;
    if (this.cursor.take("(")) {
      if (!this.grammar.startsType()) {
        const inner = this.conditional();
        this.cursor.expect(")");
        return inner;
      }
      const shape = this.grammar.typeName();
      this.cursor.expect(")");
      const operand = this.unary();
      const cast = isUsable(shape) ? convert(operand, lowerObject(shape)) : undefined;
      if (cast === undefined) throw this.cursor.problem("a cast to a type without integers", token);
      return cast;
    }
    const value = this.primary();
    if (value === undefined) throw this.cursor.problem("expected an integer constant");
    this.cursor.next();
    return value;
  }

  private primary(): Integer | undefined {
    const { kind, text } = this.cursor.token;
    if (kind === "number") return parseInteger(text);
    if (kind === "character") return parseCharacter(text);
    return kind === "word" ? this.grammar.scope.constant(text) : undefined;
  }
}

const UNARY: readonly (readonly [string, (value: bigint) => bigint])[] = [
  ["-", (value) => -value],
  ["+", (value) => value],
  ["~", (value) => ~value],
];

/** Converts to an integer type; undefined for all other types. */
function convert({ value }: Integer, type: CType): Integer | undefined {
  if (type.kind !== "scalar" && type.kind !== "enum") return undefined;
  const native = concreteType(NATIVE_TYPES[type.value]);
  if (native === "bool") return truth(value !== 0n);
  const [, sign, bits] = /^(u?)int(\d+)$/.exec(native) ?? [];
  if (bits === undefined) return undefined;
  const wrapped = sign === "u" ? BigInt.asUintN(+bits, value) : BigInt.asIntN(+bits, value);
  // Narrow types are promoted to int at once (C11 6.3.1.1).
  return integer(wrapped, bits === "64", sign === "u" && +bits >= 32);
}
