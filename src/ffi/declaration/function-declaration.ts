import type { CType } from "../types/ctype.js";
import { lowerObject, lowerParameter, signatureProblem } from "./lower.js";
import { makeDeclaration } from "./make-declaration.js";
import type { Declared } from "./parser.js";
import type { Convention, FunctionShape } from "./shape.js";

/** A C function as it is declared: all that a call needs but the address. */
export interface Declaration {
  readonly name: string;
  /** The symbol in the library: the name, unless an `asm` label gives another. */
  readonly symbol: string;
  readonly result: CType;
  readonly parameters: readonly DeclaredParameter[];
  /** Whether more arguments may follow (`...`). */
  readonly isVariadic: boolean;
  /** Undefined where the declaration names none: the platform's own. */
  readonly convention: Convention | undefined;
  /** Each call gives `{ value, errno }`. */
  readonly capturesError: boolean;
  /** Never calls back into JavaScript. */
  readonly isLeaf: boolean;
  /** May run on several threads at a time. */
  readonly isThreadSafe: boolean;
  /** Calling it twice has the effect of calling it once. */
  readonly isIdempotent: boolean;
}

/** What C does not say of a function; every part is false by default. */
export interface Unsaid
  extends Partial<Pick<Declaration, "capturesError" | "isLeaf" | "isThreadSafe" | "isIdempotent">> {
  /** Whether its parameters of `const char *` take null. */
  readonly isNullable?: boolean;
}

export interface DeclaredParameter {
  /** Undefined where the prototype gives a type only. */
  readonly name: string | undefined;
  readonly type: CType;
}

/** The declaration with its types, or why such a function cannot be called. */
export function toDeclaration(
  declared: Pick<Declared, "name" | "symbol">,
  shape: FunctionShape,
  unsaid: Unsaid = {},
): Declaration | string {
  const { isNullable = false, ...flags } = unsaid;
  const problem = signatureProblem(shape);
  if (problem !== undefined) return problem;
  return makeDeclaration({
    name: declared.name,
    symbol: declared.symbol,
    result: lowerObject(shape.result),
    parameters: shape.parameters.map(({ name, shape: parameter }) => {
      return { name, type: lowerParameter(parameter, isNullable) };
    }),
    isVariadic: shape.isVariadic,
    convention: shape.convention,
    ...flags,
  });
}
