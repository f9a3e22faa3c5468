import type { AnyFunction, ForeignFunction, WithErrno } from "../types/value-types.js";
import type { C_TYPES } from "./c-types.js";
import type { CdefOptions } from "./cdef-options.js";
import type { Join, Tokens } from "./declaration-tokens.js";
import type { FunctionOfTokens } from "./declaration-types.js";

/*
 * The functions that a C source declares, in the type system, for `cdef`. It knows prototypes and
 * typedefs of arithmetic types, and steps over the rest: types that it does not know take and give
 * any value, as in a prototype on its own, and of several functions in one declaration the first is
 * known. Where the source needs more of C, or is longer than the compiler's recursion, no names are
 * known: each is then any function.
 */

/** Any function by any name. */
type UntypedFunctions = Readonly<Record<string, AnyFunction>>;

/** The JavaScript functions of what `cdef` gave. */
export type FunctionsOfDeclarations<F> = unknown extends F ? UntypedFunctions : F;

/** The JavaScript functions of a C source that is a literal. */
export type FunctionsOfSource<S extends string, O extends CdefOptions> =
  IsReadable<S, O> extends true
    ? Statements<S> extends infer T extends string[]
      ? [T] extends [never]
        ? UntypedFunctions
        : FunctionsOfEntries<Prototypes<T>, Typedefs<T>, O>
      : never
    : UntypedFunctions;

/** What would need more of C than is read here; a template with holes is no literal. */
type IsReadable<S extends string, O extends CdefOptions> = string extends S
  ? false
  : Record<never, never> extends Record<S, 1>
    ? false
    : S extends `${string}${"\\" | '"' | "__attribute__" | "__declspec" | "asm" | "inline" | "[["}${string}`
      ? false
      : O extends { readonly ignore: readonly string[] }
        ? false
        : true;

/** Further recursion would be an error of the compiler's. */
type MaxSteps = 900;

/** Declarations between semicolons; what braces hold is a mark. */
type Statements<S extends string> = Split<
  Collapsed<Without<Without<Without<`${S}\n`, "/*", "*/", " ">, "//", "\n", "\n">, "#", "\n", "\n">>
>;

/** Leaves out all from an opening to the next closing text. */
type Without<
  S extends string,
  Open extends string,
  Close extends string,
  Instead extends string,
  Out extends string = "",
  Steps extends 0[] = [],
> = Steps["length"] extends MaxSteps
  ? never
  : S extends `${infer Before}${Open}${string}${Close}${infer After}`
    ? Without<After, Open, Close, Instead, `${Out}${Before}${Instead}`, [...Steps, 0]>
    : `${Out}${S}`;

/** Stands for the members of a struct, a union or an enum. */
type Mark = "@";

/** Innermost braces first: those before the first that closes. */
type Collapsed<S extends string, Steps extends 0[] = []> = Steps["length"] extends MaxSteps
  ? never
  : S extends `${infer Before}}${infer After}`
    ? Collapsed<`${BeforeLastBrace<Before>}${Mark}${After}`, [...Steps, 0]>
    : S;

type BeforeLastBrace<
  S extends string,
  Out extends string | undefined = undefined,
> = S extends `${infer Before}{${infer After}`
  ? BeforeLastBrace<After, Out extends string ? `${Out}{${Before}` : Before>
  : Out;

type Split<S extends string, Out extends string[] = []> = Out["length"] extends MaxSteps
  ? never
  : S extends `${infer Statement};${infer Rest}`
    ? Split<Rest, [...Out, Statement]>
    : Out;

/** A function's name, and its prototype or, where that is not read, undefined. */
type Entry = [name: string, prototype: string | undefined];

type Prototypes<T extends string[], Out extends Entry[] = []> = T extends [
  infer S extends string,
  ...infer Rest extends string[],
]
  ? Prototypes<Rest, EntryOf<S> extends infer E extends Entry ? [...Out, E] : Out>
  : Out;

/** Of `int (*name)(int)` undefined, a variable; of `int (*name(int))(int)` its name alone. */
type EntryOf<S extends string> = S extends `${string}${Mark | "typedef "}${string}`
  ? undefined
  : S extends `${infer Head}(${infer Tail}`
    ? Tail extends `*${infer Name}(${string}`
      ? Name extends `${string})${string}`
        ? undefined
        : [LastWord<Name>, undefined]
      : [LastWord<Head>, S]
    : undefined;

/** The last word, which a star may precede. */
type LastWord<S extends string> = AfterLast<
  AfterLast<AfterLast<AfterLast<TrimmedEnd<S>, " ">, "\n">, "\t">,
  "*"
>;
type AfterLast<S extends string, C extends string> = S extends `${string}${C}${infer R}`
  ? AfterLast<R, C>
  : S;
type TrimmedEnd<S extends string> = S extends `${infer R}${" " | "\n" | "\t" | "\r"}`
  ? TrimmedEnd<R>
  : S;

/** The tokens of arithmetic types by the names that the source gives them. */
type Typedefs<T extends string[]> = {
  [K in TypedefOf<T[number]> as K[0]]: K[1];
};
type TypedefOf<S extends string> = S extends `${string}typedef ${infer Text}`
  ? Text extends `${string}${"(" | "[" | "*" | "," | Mark}${string}`
    ? never
    : Tokens<Text> extends [...infer Type extends string[], infer Name extends string]
      ? Join<Type> extends keyof typeof C_TYPES
        ? [Name, Type]
        : never
      : never
  : never;

type Resolved<T extends string[], D, Out extends string[] = []> = T extends [
  infer Word extends string,
  ...infer Rest extends string[],
]
  ? Resolved<
      Rest,
      D,
      Word extends keyof D
        ? D[Word] extends infer W extends string[]
          ? [...Out, ...W]
          : Out
        : [...Out, Word]
    >
  : Out;

type FunctionsOfEntries<E extends Entry[], D, O extends CdefOptions> = {
  readonly [K in E[number] as K[0]]: K[1] extends string
    ? Told<K[0], FunctionOfTokens<Resolved<Tokens<K[1]>, D>>, O>
    : AnyFunction;
};

/** What the options say that the source does not. */
type Told<Name extends string, F, O extends CdefOptions> = O extends {
  readonly errno: infer E extends true | readonly string[];
}
  ? Name extends (E extends readonly string[] ? E[number] : Name)
    ? WithErrno<Nullable<F, O>>
    : Nullable<F, O>
  : O extends { readonly errno: boolean }
    ? O["errno"] extends false
      ? Nullable<F, O>
      : AnyFunction
    : Nullable<F, O>;

type Nullable<F, O extends CdefOptions> = O extends { readonly nullable: true }
  ? F extends ForeignFunction<infer A, infer R>
    ? ForeignFunction<{ [K in keyof A]: [A[K]] extends [string] ? string | null : A[K] }, R>
    : F
  : F;
