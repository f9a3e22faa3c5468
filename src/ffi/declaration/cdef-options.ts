import { ArgumentError, describeValue } from "../../errors/index.js";
import { requireBoolean, requireInteger, requireKnownOptions } from "../../internal/options.js";
import type { CType } from "../types/ctype.js";
import type { Declarations } from "./cdef.js";
import type { Unsaid } from "./function-declaration.js";

export interface CdefOptions {
  /** Words to skip wherever they stand, such as a header's `SQLITE_API`. Default: none. */
  readonly ignore?: readonly string[];
  /** The most bytes that members are aligned to, as by `#pragma pack`. Default: no limit. */
  readonly pack?: number;
  /**
   * Whether a struct or union that is only named among the members, by its tag or by a typedef, is
   * an anonymous member: so do Microsoft's compilers, MinGW and `gcc -fms-extensions`; elsewhere C
   * declares nothing by it. Default: true on Windows, else false.
   */
  readonly msExtensions?: boolean;
  /**
   * Functions each call of which gives `{ value, errno }`: all of the source (true), or those
   * named. Default: none.
   */
  readonly errno?: boolean | readonly string[];
  /** Functions that never call back into JavaScript: all, or those named. Default: none. */
  readonly leaf?: boolean | readonly string[];
  /** Functions that may run on several threads at a time: all, or those named. Default: none. */
  readonly threadSafe?: boolean | readonly string[];
  /**
   * Functions that have the effect of one call when they are called twice, so that a call which a
   * helper process did not survive is made once more: all, or those named. Default: none.
   */
  readonly idempotent?: boolean | readonly string[];
  /**
   * Whether parameters of `const char *` take null where the source says neither `_Nullable` nor
   * `_Nonnull`. Default: false, so that a string that was forgotten does not become a crash.
   */
  readonly nullable?: boolean;
  /** What the source may name besides its own declarations: an earlier result, or types by name. */
  readonly types?: Declarations | Readonly<Record<string, CType>>;
}

/** The same, checked and with every value filled in. */
export interface ResolvedCdefOptions {
  readonly ignore: ReadonlySet<string>;
  readonly pack: number | undefined;
  readonly msExtensions: boolean;
  readonly types: unknown;
  /** What the options say of a function. */
  unsaidOf(name: string): Unsaid;
  /** Throws if an option names a function that there is not. */
  requireDeclared(isDeclared: (name: string) => boolean): void;
}

/** What the compilers of this platform do unasked. */
export const MS_EXTENSIONS: boolean = process.platform === "win32";

const FUNCTION_OPTIONS = ["errno", "leaf", "threadSafe", "idempotent"] as const;
const OPTIONS = ["ignore", "pack", "msExtensions", "types", "nullable", ...FUNCTION_OPTIONS];

export function resolveCdefOptions(options: CdefOptions): ResolvedCdefOptions {
  requireKnownOptions(options, OPTIONS, "options of cdef");
  const unchecked = options as Record<string, unknown>;
  const { ignore = [], pack, types } = unchecked;
  const { msExtensions = MS_EXTENSIONS, nullable = false } = unchecked;
  if (!isNames(ignore)) {
    throw new ArgumentError(
      `ignore must be an array of words such as ["SQLITE_API"], got ${describeValue(ignore)}`,
    );
  }
  if (pack !== undefined) {
    requireInteger(pack, "pack", 1, 16);
    if (!Number.isInteger(Math.log2(pack))) {
      throw new ArgumentError(`pack must be 1, 2, 4, 8 or 16, got ${pack}`);
    }
  }
  requireBoolean(msExtensions, "msExtensions");
  requireBoolean(nullable, "nullable");
  const [errno, leaf, threadSafe, idempotent] = FUNCTION_OPTIONS.map((option) =>
    choice(option, options[option]),
  );
  return {
    ignore: new Set(ignore),
    pack,
    msExtensions,
    types,
    unsaidOf: (name) => ({
      capturesError: isChosen(errno, name),
      isLeaf: isChosen(leaf, name),
      isThreadSafe: isChosen(threadSafe, name),
      isIdempotent: isChosen(idempotent, name),
      isNullable: nullable,
    }),
    requireDeclared(isDeclared) {
      for (const option of FUNCTION_OPTIONS) {
        const names = options[option];
        const unknown = isNames(names) && names.find((name) => !isDeclared(name));
        if (!unknown) continue;
        throw new ArgumentError(`${option} names ${unknown}, which the source does not declare`);
      }
    },
  };
}

type Choice = boolean | ReadonlySet<string>;

function choice(option: string, value: unknown): Choice {
  if (isNames(value)) return new Set(value);
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw new ArgumentError(
    `${option} must be true, false or an array of functions' names, got ${describeValue(value)}`,
  );
}

function isChosen(choice: Choice | undefined, name: string): boolean {
  return typeof choice === "object" ? choice.has(name) : choice === true;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => /^[A-Za-z_]\w*$/.test(String(word)));
}
