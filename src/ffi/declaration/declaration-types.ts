import type { MemoryHolder } from "../memory/memory-holder.js";
import type { CType } from "../types/ctype.js";
import type { ValueType } from "../types/types.js";
import type {
  AnyFunction,
  AnyValue,
  ArgumentValues,
  ForeignFunction,
  Memory,
  ResultValues,
} from "../types/value-types.js";
import type { C_TYPES } from "./c-types.js";
import type {
  AfterClose,
  BeforeOpen,
  BeforeStar,
  Join,
  Parameters,
  Rows,
  Tokens,
  WithoutConst,
} from "./declaration-tokens.js";

/**
 * The JavaScript function of a C prototype: `FunctionOf<"double cos(double x)">` is
 * `(x: number) => number` with an address. A text that is not a literal gives `AnyFunction`, and so
 * does a function that returns a function pointer. Types that the prototype does not define, such
 * as structs, take and give any value: the call engine checks them.
 */
export type FunctionOf<D extends string> = string extends D
  ? AnyFunction
  : Tokens<D> extends infer T extends string[]
    ? FunctionOfTokens<T>
    : never;

/** The same of a prototype's tokens. */
export type FunctionOfTokens<T extends string[]> =
  AfterOpen<T> extends infer Rest extends string[]
    ? "*" extends Rest[0]
      ? AnyFunction
      : ForeignFunction<ArgumentsOf<Parameters<Rest>>, ResultOf<WithoutName<BeforeOpen<T>>>>
    : never;

/** The JavaScript function of a function pointer's type, `int (*)(int)`, or of a prototype. */
export type FunctionAtOf<D extends string> = string extends D
  ? AnyFunction
  : Tokens<D> extends infer T extends string[]
    ? AfterOpen<T> extends
        | ["*", ")", "(", ...infer P extends string[]]
        | ["*", string, ")", "(", ...infer P extends string[]]
      ? ForeignFunction<ArgumentsOf<Parameters<P>>, ResultOf<BeforeOpen<T>>>
      : FunctionOf<D>
    : never;

/**
 * A further argument of a variadic function: with its C type, or one that tells it by itself (an
 * integer or a float needs its type).
 */
export type VariadicArgument =
  | readonly [type: string | CType, value: unknown]
  | bigint
  | boolean
  | string
  | null
  | Memory
  | MemoryHolder;

type AfterOpen<T extends string[]> = T extends [infer H extends string, ...infer R extends string[]]
  ? H extends "("
    ? R
    : AfterOpen<R>
  : undefined;

/** The last word of a function's head is its name. */
type WithoutName<T extends string[]> = T extends [...infer Type extends string[], string]
  ? Type
  : [];

/** Arguments by parameter: each is a list of tokens. */
type ArgumentsOf<P extends string[][]> = P extends []
  ? []
  : P extends [["void"]]
    ? []
    : P extends [...infer Named extends string[][], ["..."]]
      ? [...Arguments<Named>, ...VariadicArgument[]]
      : Arguments<P>;
type Arguments<P extends string[][]> = { [K in keyof P]: ArgumentOf<P[K]> };

type ArgumentOf<T extends string[]> =
  HasRows<T> extends true
    ? RowsArgument
    : "(" extends T[number]
      ? CallbackOf<T> | bigint | MemoryHolder | null
      : "*" extends T[number]
        ? OneStar<T> extends true
          ? PointerArgument<BeforeStar<T>, T[number]>
          : ArgumentValues["pointer"] | MemoryHolder | readonly PointerElement[]
        : NamedType<T> extends infer V extends ValueType
          ? ArgumentValues[V]
          : AnyValue;

/** `int name[2][3]`, and `int (*name)[3]`, which is the same to C. */
type HasRows<T extends string[]> = Rows extends T[number]
  ? "(" extends T[number]
    ? false
    : true
  : "(" extends T[number]
    ? AfterOpen<T> extends infer Inner extends string[]
      ? "*" extends Inner[0]
        ? AfterClose<Inner> extends ["*", ...string[]]
          ? true
          : false
        : false
      : false
    : false;

/** Rows are lists in a list, or one after the other where C knows their length by an argument. */
type RowsArgument = Exclude<ArgumentValues["pointer"], string> | MemoryHolder | readonly unknown[];

/** What an array holds that stands for a pointer to pointers. */
type PointerElement = Exclude<ArgumentValues["pointer"], undefined> | MemoryHolder;

/** Base is what stands before the first star; All has the qualifiers behind it too. */
type PointerArgument<Base extends string[], All extends string> =
  PointerKind<Base, All> extends infer V extends ValueType
    ? ArgumentValues[V] | (V extends "pointer" ? MemoryHolder : never)
    : NamedType<Base> extends infer V extends ValueType
      ? ArgumentValues["pointer"] | MemoryHolder | readonly ArgumentValues[V][]
      : AnyValue;

/** Text and plain addresses; other pointers know what they point to. */
type PointerKind<Base extends string[], All extends string> =
  BaseName<Base> extends infer Name
    ? "const" extends Base[number]
      ? Name extends "char"
        ? "_Nullable" extends All
          ? "nullableText"
          : "text"
        : Name extends "char16_t" | "char32_t" | "wchar_t"
          ? "text16"
          : Name extends "void"
            ? "pointer"
            : undefined
      : Name extends "void" | "char"
        ? "pointer"
        : undefined
    : never;

/** The name of a base type, with or without a declared name behind it. */
type BaseName<Base extends string[]> =
  Join<WithoutConst<Base>> extends infer Name extends keyof typeof C_TYPES
    ? Name
    : Join<WithoutName<WithoutConst<Base>>>;

type NamedType<T extends string[]> =
  BaseName<T> extends infer Name extends keyof typeof C_TYPES ? (typeof C_TYPES)[Name] : undefined;

type ResultOf<T extends string[]> = "*" extends T[number]
  ? PointerKind<BeforeStar<T>, T[number]> extends "text" | "nullableText" | "text16"
    ? OneStar<T> extends true
      ? string | null
      : bigint
    : bigint
  : NamedType<T> extends infer V extends ValueType
    ? ResultValues[V]
    : AnyValue;

/** Whether there is one star only: pointers to text are addresses. */
type OneStar<T extends string[]> = T extends [infer H, ...infer R extends string[]]
  ? H extends "*"
    ? "*" extends R[number]
      ? false
      : true
    : OneStar<R>
  : false;

/** `int (*name)(int)` and `int name(int)` as JavaScript functions that C can call. */
type CallbackOf<T extends string[]> =
  AfterOpen<T> extends infer Inner extends string[]
    ? "*" extends Inner[0]
      ? AfterClose<Inner> extends ["(", ...infer Rest extends string[]]
        ? Callback<BeforeOpen<T>, Parameters<Rest>>
        : (...args: never[]) => unknown
      : Callback<BeforeOpen<T>, Parameters<Inner>>
    : never;

type Callback<R extends string[], P extends string[][]> = (
  ...args: P extends [["void"]] ? [] : { [K in keyof P]: GivenOf<P[K]> }
) => ReturnedOf<R>;

/** What a callback is given: C does not say that text is never null. */
type GivenOf<T extends string[]> = "(" extends T[number] ? bigint : ResultOf<T>;

type ReturnedOf<T extends string[]> = "*" extends T[number]
  ? bigint | string | Memory | MemoryHolder | null
  : NamedType<T> extends infer V extends ValueType
    ? V extends "void"
      ? unknown
      : ArgumentValues[V]
    : AnyValue;
