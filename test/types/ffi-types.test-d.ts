// Compiled by `npm run check:types`, never run: each line must type-check, each @ts-expect-error
// must not.

import { callback } from "../../src/ffi/types/callback.js";
import {
  aligned,
  array,
  bits,
  packed,
  pointer,
  struct,
  union,
} from "../../src/ffi/types/constructors.js";
import type { CType } from "../../src/ffi/types/ctype.js";
import { enumeration } from "../../src/ffi/types/enumeration.js";
import type {
  ScriptFunction,
  ValueOf,
  ViewOf,
  WritableOf,
} from "../../src/ffi/types/static-types.js";
import type { FunctionOfSignature, FunctionSignature } from "../../src/ffi/types/value-types.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function assertType<T extends true>(): T | undefined {
  return undefined;
}
type Shape<F> = F extends (...args: infer A) => infer R ? [A, R] : never;
declare function fn<const S extends FunctionSignature>(signature: S): FunctionOfSignature<S>;

const Point = struct({ x: "float64", y: "float64" });
const Color = enumeration({ red: 0, green: 1 });
const Value = union({ whole: "int64", text: "string" });
const Line = struct("line", {
  from: Point,
  to: Point,
  color: Color,
  name: array("char", 16),
  bytes: array("uint8", 4),
  weights: array("float32", 3),
  matrix: array(array("int32", 2), 2),
  flags: bits("uint32", 3),
  visible: "bool",
  value: Value,
  next: pointer((): CType => Line),
});

assertType<Equal<ValueOf<typeof Point>, { x: number; y: number }>>();
type LineValue = ValueOf<typeof Line>;
assertType<Equal<LineValue["from"], { x: number; y: number }>>();
assertType<Equal<LineValue["color"], number>>();
assertType<Equal<LineValue["name"], string>>();
assertType<Equal<LineValue["bytes"], Uint8Array>>();
assertType<Equal<LineValue["weights"], number[]>>();
assertType<Equal<LineValue["matrix"], number[][]>>();
assertType<Equal<LineValue["flags"], number>>();
assertType<Equal<LineValue["visible"], boolean>>();
assertType<Equal<LineValue["value"], { whole: bigint; text: string | null }>>();
assertType<Equal<LineValue["next"], bigint>>();
assertType<Equal<ValueOf<"long double">, number>>();
assertType<Equal<ValueOf<"utf16">, string | null>>();

const named: WritableOf<typeof Color> = "green";
const numbered: WritableOf<typeof Color> = 7;
// @ts-expect-error no member of that name
const unknown: WritableOf<typeof Color> = "blue";
const member: WritableOf<typeof Value> = { whole: 5 };
// @ts-expect-error a misspelt field
const misspelt: WritableOf<typeof Point> = { x: 1, z: 2 };
// @ts-expect-error a missing field
const missing: WritableOf<typeof Point> = { x: 1 };
const packet = struct({ length: "uint16", data: array("uint8") });
const withoutData: WritableOf<typeof packet> = { length: 3 };

const view: ViewOf<typeof Line> = Line.view();
view.from.x = 5;
view.name = "home";
const weight: number | undefined = view.weights.at(0);
// @ts-expect-error a field of another type
view.visible = 1;

const middle = fn({ arguments: [Point, pointer(Point), "int32"], return: Point });
const result: { x: number; y: number } = middle({ x: 1, y: 2 }, [{ x: 3, y: 4 }], 5);
middle(Point.view(), Point.view(), 1);
middle({ x: 1, y: 2 }, null, 1);
middle({ x: 1, y: 2 }, 16n, 1);
middle({ x: 1, y: 2 }, new Uint8Array(16), 1);
// @ts-expect-error not a point
middle({ x: 1 }, null, 1);
// @ts-expect-error text is no pointer to a struct
middle({ x: 1, y: 2 }, "text", 1);

const inPlace = fn({ arguments: [pointer("int")], return: "void" });
inPlace([1]);
inPlace(new Int32Array(1));
// @ts-expect-error a pointer is not the value
inPlace(5);

assertType<
  Equal<
    Shape<ReturnType<typeof open>>,
    [[bigint | number], { readonly value: bigint; readonly errno: number }]
  >
>();
function open() {
  return fn({ arguments: ["int64"], return: "int64", errno: true });
}
const formatted = fn({ arguments: ["string"], variadic: ["int32", "double"], return: "int" });
formatted("%d %f", 1, 2.5);
// @ts-expect-error the further arguments have types
formatted("%d %f", 1, "2.5");

const add = fn({ arguments: ["int32", "int32"], return: "int32", threadSafe: true });
const later: Promise<number> = add.async(1, 2);
const abortable: Promise<number> = add.async.abortable(AbortSignal.timeout(1), 1, 2);
const filled: Int32Array = add.map([new Int32Array(2), 5], new Int32Array(2));
const dropped: undefined = add.map([new Int32Array(2), 5], null);
const parallel: Promise<Int32Array> = add.map.async([1, new Int32Array(2)], new Int32Array(2));
// @ts-expect-error strings are no column
add.map([["1"], 5]);

const compare = callback({ arguments: [pointer("int"), Point], return: "int" });
type Compare = ScriptFunction<{
  readonly arguments: readonly ["int32", typeof Point];
  readonly return: "int32";
}>;
assertType<Equal<Shape<Compare>, [[number, { x: number; y: number }], number]>>();
const sort = fn({ arguments: [compare] });
sort((address, point) => Number(address) + point.x);
sort(null);
// @ts-expect-error gives no number
sort(() => "1");

// @ts-expect-error an unknown type name
struct({ x: "float65" });
// @ts-expect-error a bit-field is no argument
fn({ arguments: [bits("int32", 3)] });
const small: { a: number } = {} as ValueOf<ReturnType<typeof tight>>;
function tight() {
  return packed({ a: aligned("int8", 2) });
}

export const used = [named, numbered, unknown, member, misspelt, missing, withoutData, weight];
export const more = [result, later, abortable, filled, dropped, parallel, small];
