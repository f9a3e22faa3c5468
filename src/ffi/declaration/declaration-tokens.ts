/**
 * C tokens in the type system. Tail recursive, so that TypeScript takes prototypes of up to some
 * 990 characters; longer ones are an error of the compiler's.
 */

type Space = " " | "\n" | "\t" | "\r";
type Punctuator = "*" | "(" | ")" | ",";

/**
 * Words and punctuators; an array's bounds become a star, and a mark behind it where it is one of
 * arrays. A trailing `;` is left out.
 */
export type Tokens<
  S extends string,
  Word extends string = "",
  Out extends string[] = [],
> = S extends `${infer C}${infer R}`
  ? C extends Space | ";"
    ? Tokens<R, "", Push<Out, Word>>
    : C extends Punctuator
      ? Tokens<R, "", [...Push<Out, Word>, C]>
      : C extends "["
        ? R extends `${string}]${infer After}`
          ? Tokens<
              After,
              "",
              [...Push<Out, Word>, "*", ...(After extends `[${string}` ? [Rows] : [])]
            >
          : never
        : Tokens<R, `${Word}${C}`, Out>
  : Push<Out, Word>;

/** Follows the star of an array of arrays. */
export type Rows = "[]";

/** Qualifiers that do not change a type are left out. */
type Push<Out extends string[], Word extends string> = Word extends "" | Ignored
  ? Out
  : [...Out, Word];
type Ignored =
  | "extern"
  | "static"
  | "inline"
  | "volatile"
  | "register"
  | "restrict"
  | "__restrict"
  | "_Nonnull";

/** The tokens before the first `(`. */
export type BeforeOpen<T extends string[], Out extends string[] = []> = T extends [
  infer H extends string,
  ...infer R extends string[],
]
  ? H extends "("
    ? Out
    : BeforeOpen<R, [...Out, H]>
  : Out;

/** The tokens after the first `)`. */
export type AfterClose<T extends string[]> = T extends [infer H, ...infer R extends string[]]
  ? H extends ")"
    ? R
    : AfterClose<R>
  : [];

export type BeforeStar<T extends string[], Out extends string[] = []> = T extends [
  infer H extends string,
  ...infer R extends string[],
]
  ? H extends "*"
    ? Out
    : BeforeStar<R, [...Out, H]>
  : Out;

/** The parameters before the closing parenthesis, each as its tokens. */
export type Parameters<
  T extends string[],
  Depth extends 0[] = [],
  Current extends string[] = [],
  Out extends string[][] = [],
> = T extends [infer H extends string, ...infer R extends string[]]
  ? H extends "("
    ? Parameters<R, [...Depth, 0], [...Current, H], Out>
    : H extends ")"
      ? Depth extends [0, ...infer D extends 0[]]
        ? Parameters<R, D, [...Current, H], Out>
        : Add<Out, Current>
      : H extends ","
        ? Depth extends []
          ? Parameters<R, Depth, [], [...Out, Current]>
          : Parameters<R, Depth, [...Current, H], Out>
        : Parameters<R, Depth, [...Current, H], Out>
  : Add<Out, Current>;
type Add<Out extends string[][], Current extends string[]> = Current extends []
  ? Out
  : [...Out, Current];

export type WithoutConst<T extends string[], Out extends string[] = []> = T extends [
  infer H extends string,
  ...infer R extends string[],
]
  ? H extends "const"
    ? WithoutConst<R, Out>
    : WithoutConst<R, [...Out, H]>
  : Out;

/** Words with one space between them. */
export type Join<T extends string[], Out extends string = ""> = T extends [
  infer H extends string,
  ...infer R extends string[],
]
  ? Join<R, Out extends "" ? H : `${Out} ${H}`>
  : Out;
