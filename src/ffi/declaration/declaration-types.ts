import type { ValueType } from "../types/types.js";
import type {
  AnyFunction,
  ArgumentValues,
  ForeignFunction,
  ResultValues,
} from "../types/value-types.js";
import type { C_TYPES } from "./c-types.js";

/**
 * The JavaScript function of a C prototype: `FunctionOf<"double cos(double x)">` is
 * `(x: number) => number` with an address. A text that is not a literal gives `AnyFunction`; a type
 * that is not known gives `never`, and the call engine names it at run time.
 */
export type FunctionOf<D extends string> = string extends D
  ? AnyFunction
  : Trim<D> extends `${infer Head}(${infer Rest}`
    ? ForeignFunction<Parameters<BeforeLast<Rest>>, ResultOf<Tokens<Head>>>
    : never;

type Space = " " | "\n" | "\t" | "\r";
type Trim<S extends string> = S extends `${Space}${infer R}`
  ? Trim<R>
  : S extends `${infer R}${Space}`
    ? Trim<R>
    : S;

/** What stands before the closing parenthesis. */
type BeforeLast<S extends string> = S extends `${infer Inner})${string}` ? Inner : S;

/** Words and stars, with qualifiers that do not change a type left out. */
type Tokens<
  S extends string,
  Word extends string = "",
  Out extends string[] = [],
> = S extends `${infer C}${infer R}`
  ? C extends Space
    ? Tokens<R, "", Push<Out, Word>>
    : C extends "*"
      ? Tokens<R, "", [...Push<Out, Word>, "*"]>
      : Tokens<R, `${Word}${C}`, Out>
  : Push<Out, Word>;
type Push<Out extends string[], Word extends string> = Word extends "" | Ignored
  ? Out
  : [...Out, Word];
type Ignored = "extern" | "static" | "volatile" | "restrict" | "__restrict" | "_Nonnull";

type Parameters<S extends string> = Trim<S> extends "" | "void" ? [] : Split<S>;
type Split<S extends string> = S extends `${infer First},${infer Rest}`
  ? [ArgumentOf<Tokens<First>>, ...Split<Rest>]
  : [ArgumentOf<Tokens<S>>];

type ArgumentOf<T extends string[]> = ArgumentValues[Extract<TypeOf<T>, ValueType>];

/** The last word of a function's head is its name. */
type ResultOf<T extends string[]> = T extends [...infer Type extends string[], string]
  ? ResultValues[Extract<TypeOf<Type>, ValueType>]
  : never;

/** A type, or a type and a parameter name. */
type TypeOf<T extends string[]> = HasStar<T> extends true ? PointerOf<T> : NamedType<T>;
type HasStar<T extends string[]> = "*" extends T[number] ? true : false;

type PointerOf<T extends string[]> = T extends
  | ["const", "char", "*"]
  | ["const", "char", "*", string]
  | ["char", "const", "*"]
  | ["char", "const", "*", string]
  ? "_Nullable" extends T[number]
    ? "nullableText"
    : "text"
  : T extends ["const", "char", "*", "_Nullable", string]
    ? "nullableText"
    : "pointer";

type NamedType<T extends string[]> =
  Lookup<WithoutConst<T>> extends infer Found extends ValueType
    ? Found
    : WithoutConst<T> extends [...infer Type extends string[], string]
      ? Lookup<Type>
      : never;
type WithoutConst<T extends string[]> = T extends [
  infer F extends string,
  ...infer R extends string[],
]
  ? F extends "const"
    ? WithoutConst<R>
    : [F, ...WithoutConst<R>]
  : [];
type Lookup<T extends string[]> =
  Join<T> extends infer Name extends keyof typeof C_TYPES ? (typeof C_TYPES)[Name] : undefined;
type Join<T extends string[]> = T extends [infer F extends string, ...infer R extends string[]]
  ? R extends []
    ? F
    : `${F} ${Join<R>}`
  : "";
