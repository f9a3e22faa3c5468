import type { ArgumentError } from "../../errors/index.js";
import { areCompatible } from "./compatible.js";
import type { Declared } from "./parser.js";
import type { Shape } from "./shape.js";
import type { SourceText } from "./source-text.js";

type Known =
  | { readonly kind: "typedef"; readonly shape: Shape; readonly offset: number }
  | { readonly kind: "enumerator"; readonly value: bigint; readonly offset: number }
  | { readonly kind: "declared"; readonly declared: Declared; readonly offset: number };

/**
 * What a source declares under each ordinary name (C11 6.2.3): functions, variables, typedefs and
 * enumerators. C takes a name again for the same thing only. Where the two stand in different
 * branches of the preprocessor, of which a compiler sees one, the last counts.
 */
export class OrdinaryNames {
  readonly #known = new Map<string, Known>();

  constructor(private readonly source: SourceText) {}

  typedef(name: string, shape: Shape, offset: number): void {
    this.#add(name, { kind: "typedef", shape, offset }, (earlier) => {
      return earlier.kind === "typedef" && areCompatible(earlier.shape, shape);
    });
  }

  enumerator(name: string, value: bigint, offset: number): void {
    this.#add(name, { kind: "enumerator", value, offset }, (earlier) => {
      return earlier.kind === "enumerator" && earlier.value === value;
    });
  }

  /** The declaration with what earlier ones of it say and this one leaves open. */
  declare(declared: Declared): Declared {
    const { name, shape, offset } = declared;
    // Nothing here can be called, and overloads of C++ look like it.
    if (declared.isLocal) return declared;
    const isSame = (earlier: Known) =>
      earlier.kind === "declared" && areCompatible(earlier.declared.shape, shape);
    const earlier = this.#known.get(name);
    const whole =
      earlier?.kind === "declared" && isSame(earlier)
        ? completed(declared, earlier.declared)
        : declared;
    this.#add(name, { kind: "declared", declared: whole, offset }, isSame);
    return whole;
  }

  #add(name: string, known: Known, isSame: (earlier: Known) => boolean): void {
    const earlier = this.#known.get(name);
    if (earlier !== undefined && !isSame(earlier)) this.#refuse(name, earlier, known);
    this.#known.set(name, known);
  }

  #refuse(name: string, earlier: Known, later: Known): void {
    const { source } = this;
    if (source.branchAt(earlier.offset) !== source.branchAt(later.offset)) return;
    throw declaredAgain(source, `${name}, declared`, "declared otherwise", earlier, later);
  }
}

/** The error for what a source may say once: `what` was said at the first of two places. */
export function declaredAgain(
  source: SourceText,
  what: string,
  again: string,
  first: { readonly offset: number },
  second: { readonly offset: number },
): ArgumentError {
  const place = source.position(first.offset);
  return source.problem(`${what} at ${place}, is ${again}`, second.offset);
}

/** C's composite type (C11 6.2.7p3), and the symbol that an `asm` label has given. */
function completed(later: Declared, earlier: Declared): Declared {
  const symbol = later.symbol === later.name ? earlier.symbol : later.symbol;
  return { ...later, symbol, shape: composite(later.shape, earlier.shape) };
}

function composite(later: Shape, earlier: Shape): Shape {
  if (later.kind === "array" && earlier.kind === "array") {
    return later.length === undefined ? earlier : later;
  }
  if (later.kind !== "function" || earlier.kind !== "function") return later;
  const convention = later.convention ?? earlier.convention;
  return { ...(later.isUnspecified ? earlier : later), convention };
}
