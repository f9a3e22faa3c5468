import { functionType } from "../types/callback.js";
import { array, opaque, pointer } from "../types/constructors.js";
import type { CType, Direction, PointerType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { makeType, uniqueKey } from "../types/type-object.js";
import {
  type FunctionShape,
  isConst,
  type Layout,
  type ParameterShape,
  type PointerShape,
  type Shape,
  type Tag,
} from "./shape.js";

/** Why no value of a type can be passed or stored; undefined if it can. */
export function problemOf(shape: Shape): string | undefined {
  switch (shape.kind) {
    case "base":
      return (
        shape.problem ?? (shape.type.kind === "opaque" ? incomplete(shape.type.name) : undefined)
      );
    case "tag":
      if (shape.tag.type !== undefined) return undefined;
      return shape.tag.problem ?? incomplete(shape.tag.name);
    case "array":
      return problemOf(shape.element);
    case "pointer":
    case "function":
      return undefined;
  }
}

/** Whether a type has a size: `void` and functions have none. */
export function isUsable(shape: Shape): boolean {
  return shape.kind !== "function" && problemOf(shape) === undefined && !isVoid(shape);
}

export function isVoid(shape: Shape): boolean {
  return shape.kind === "base" && shape.type.kind === "scalar" && shape.type.value === "void";
}

/** What `sizeof` and `_Alignof` give; undefined for what has no size, or none that is known. */
export function layoutOf(shape: Shape): Layout | undefined {
  if (isUsable(shape)) return lowerObject(shape);
  return shape.kind === "base" ? shape.layout : undefined;
}

/** The type of an object in memory: a variable, a field, an element. */
export function lowerObject(shape: Shape): CType {
  switch (shape.kind) {
    case "base":
      return shape.type;
    case "tag":
      return shape.tag.type ?? opaqueOf(shape.tag);
    case "array": {
      const element = lowerObject(shape.element);
      // An array of what has no size has none either.
      return problemOf(shape) === undefined ? array(element, shape.length) : element;
    }
    case "pointer":
      return lowerPointer(shape, true);
    case "function":
      return lowerFunction(shape);
  }
}

/**
 * The type of a function's parameter: arrays and functions become pointers (C11 6.7.6.3p7). Where
 * the declaration says nothing of null, `isNullable` says whether a pointer to constant text takes
 * it.
 */
export function lowerParameter(shape: Shape, isNullable: boolean): CType {
  const decayed = decay(shape);
  if (decayed.kind !== "pointer") return lowerObject(decayed);
  const { nullability } = decayed;
  return lowerPointer(
    decayed,
    nullability === "nullable" || (isNullable && nullability === undefined),
  );
}

function decay(shape: Shape): Shape {
  if (shape.kind !== "array" && shape.kind !== "function") return shape;
  const target = shape.kind === "array" ? shape.element : shape;
  return { ...POINTER, target };
}

function lowerPointer({ target }: PointerShape, isNullable: boolean): CType {
  const direction = isConst(target) ? "in" : "inout";
  switch (target.kind) {
    case "function":
      return lowerFunction(target);
    case "tag":
      if (target.tag.type === undefined && !target.tag.isOpen) return scalarType("pointer");
      return pointerToTag(target.tag, direction);
    case "base":
      if (target.text !== undefined) {
        if (target.isConst) {
          const isUtf8 = target.text === "text";
          return scalarType(isUtf8 && isNullable ? "nullableText" : target.text);
        }
        if (target.text === "text") return scalarType("pointer");
      }
      break;
    case "array":
      if (target.length === undefined)
        return lowerPointer({ ...POINTER, target: target.element }, true);
      break;
    case "pointer":
      break;
  }
  return isUsable(target) ? pointerTo(lowerObject(target), direction) : scalarType("pointer");
}

const POINTER = { kind: "pointer", isConst: false, nullability: undefined } as const;

interface Pointers {
  in?: PointerType;
  inout?: PointerType;
}

const pointers = new WeakMap<CType, Pointers>();

/**
 * One object for each target and direction: headers repeat the same few pointers in each function.
 */
function pointerTo(target: CType, direction: "in" | "inout"): PointerType {
  let made = pointers.get(target);
  if (made === undefined) {
    made = {};
    pointers.set(target, made);
  }
  made[direction] ??= pointer(target, direction);
  return made[direction];
}

const latePointers = new WeakMap<Tag, Pointers>();

/**
 * A pointer to a struct that may not be complete yet: the target is looked up when it is needed.
 * One object for each tag and direction, so that functions that take it share their marshalling.
 */
function pointerToTag(tag: Tag, direction: "in" | "inout"): CType {
  let made = latePointers.get(tag);
  if (made === undefined) {
    made = {};
    latePointers.set(tag, made);
  }
  made[direction] ??= latePointer(tag, direction);
  return made[direction];
}

function latePointer(tag: Tag, direction: Direction): PointerType {
  return makeType<PointerType>({
    kind: "pointer",
    name: `${tag.name} *`,
    key: uniqueKey("p"),
    size: 8,
    alignment: 8,
    target: () => tag.type ?? opaqueOf(tag),
    direction,
  });
}

const opaques = new WeakMap<Tag, CType>();

function opaqueOf(tag: Tag): CType {
  let type = opaques.get(tag);
  if (type === undefined) {
    type = opaque(tag.name);
    opaques.set(tag, type);
  }
  return type;
}

/**
 * A function pointer; a plain pointer where a value of its signature cannot be passed or callbacks
 * of its convention cannot be made. Texts may be
 * null: C is the caller, which nothing holds to what the declaration says.
 */
function lowerFunction(shape: FunctionShape): CType {
  const isForeign = shape.convention === "win64" && process.platform !== "win32";
  if (isForeign || signatureProblem(shape) !== undefined) return scalarType("pointer");
  const result = lowerObject(shape.result);
  const parameters = shape.parameters.map(({ name, shape: parameter }) => ({
    name,
    type: lowerObject(decay(parameter)),
  }));
  return functionType(result, parameters, shape.isVariadic);
}

/** Why a function cannot be called, or undefined. */
export function signatureProblem({
  result,
  parameters,
}: {
  readonly result: Shape;
  readonly parameters: readonly ParameterShape[];
}): string | undefined {
  if (!isVoid(result)) {
    const problem = problemOf(result);
    if (problem !== undefined) return problem;
  }
  for (const { shape } of parameters) {
    const problem = problemOf(decay(shape));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function incomplete(name: string): string {
  return `${name} has no definition`;
}
