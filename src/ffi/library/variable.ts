import { ArgumentError, describeValue } from "../../errors/index.js";
import type { Engine } from "../call/engine.js";
import type { NamedTypes } from "../declaration/declaration.js";
import type { FunctionOf } from "../declaration/declaration-types.js";
import { cdef } from "../declaration/deferred.js";
import { loadAt, storeAt } from "../memory/load-store.js";
import type { CType } from "../types/ctype.js";
import { resolveComplete } from "../types/type-names.js";
import type { AnyValue } from "../types/value-types.js";

/** What the C declaration of a variable says, as far as its text alone tells. */
export type VariableOf<D extends string> = string extends D
  ? Variable<AnyValue, AnyValue>
  : D extends `${string}${"[" | ";"}${string}`
    ? Variable<AnyValue, AnyValue>
    : D extends `${string}(${string}`
      ? Variable<bigint, bigint | null>
      : Variable<ReturnType<FunctionOf<`${D}(void)`>>, AnyValue>;

/** A variable to look up: where it is, and what. */
export interface VariableDefinition {
  readonly name: string;
  readonly type: CType;
  readonly isConst: boolean;
}

/** A global variable of a library. */
export class Variable<Value, Writable> {
  readonly name: string;
  /** Its address. Unsafe: valid until the library is closed. */
  readonly pointer: bigint;
  readonly #type: CType;
  readonly #isConst: boolean;
  readonly #engine: Engine;
  readonly #requireOpen: () => void;

  constructor(
    definition: VariableDefinition,
    pointer: bigint,
    engine: Engine,
    requireOpen: () => void,
  ) {
    this.#engine = engine;
    this.name = definition.name;
    this.pointer = pointer;
    this.#type = definition.type;
    this.#isConst = definition.isConst;
    this.#requireOpen = requireOpen;
  }

  /**
   * What it holds now: read and written at each use. Setting refuses what its type cannot hold, a
   * string, for which nothing would keep the memory, and anything if it is declared `const`,
   * because its memory may be read-only. Throws `ERR_FFI_LIBRARY_CLOSED` after `close`.
   */
  get value(): Value {
    this.#requireOpen();
    return loadAt(this.#engine, this.pointer, this.#type) as Value;
  }

  set value(value: Writable) {
    this.#requireOpen();
    if (this.#isConst) throw new ArgumentError(`variable ${this.name} is declared const`);
    storeAt(this.#engine, this.pointer, this.#type, value);
  }
}

/** Reads `int optind`, or a name with a type besides. */
export function resolveVariable(
  text: unknown,
  type: unknown,
  types: NamedTypes | undefined,
): VariableDefinition {
  if (typeof text !== "string") {
    throw new ArgumentError(
      `variable must be a name or a C declaration, got ${describeValue(text)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  if (type !== undefined) {
    return { name: text, type: resolveComplete(type, `type of ${text}`), isConst: false };
  }
  const source = text.trimEnd().endsWith(";") ? text : `${text};`;
  const { variables, unsupported } = cdef(source, types === undefined ? {} : { types });
  const [found, ...more] = Object.entries(variables);
  if (found === undefined || more.length > 0) {
    const reason = Object.values(unsupported)[0];
    throw new ArgumentError(
      `"${text}" must declare one variable, such as "int optind"${reason ? `: ${reason}` : ""}`,
    );
  }
  const [name, known] = found;
  return { name, type: resolveComplete(known, `type of ${name}`), isConst: isConst(text) };
}

/** Whether the variable itself is const, rather than what it points to. */
function isConst(declaration: string): boolean {
  const declarator = declaration.split(")")[0] ?? "";
  return /\bconst\b/.test(declarator.slice(declarator.lastIndexOf("*") + 1));
}
