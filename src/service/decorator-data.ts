import type { MethodOptions } from "./define-method.js";
import type { ServiceHead } from "./define-service.js";

export type MethodData = Partial<MethodOptions>;
export type ClassData = Partial<ServiceHead>;

/**
 * What decorators said, by the method function or class it was said of. WeakMaps need no
 * `Symbol.metadata`, which exists only where someone made it before the class was evaluated.
 */
const methodData = new WeakMap<object, MethodData>();
const classData = new WeakMap<object, ClassData>();

export function addMethodData(method: object, data: MethodData): void {
  methodData.set(method, { ...methodData.get(method), ...data });
}

export function setClassData(target: object, data: ClassData): void {
  classData.set(target, { ...classData.get(target), ...data });
}

/** What was said of a class and its ancestors; the nearest wins. A name is not inherited. */
export function classDataOf(target: object): ClassData {
  let merged: ClassData = {};
  for (const ancestor of ancestors(target).reverse()) {
    const { name: _, ...inherited } = merged;
    merged = { ...inherited, ...classData.get(ancestor) };
  }
  return merged;
}

/** What was said of the methods of a class and its ancestors, by name; the nearest wins. */
export function methodDataOf(target: object): Record<string, MethodData> {
  const methods: Record<string, MethodData> = {};
  for (const ancestor of ancestors(target).reverse()) {
    const prototype = (ancestor as { prototype: object }).prototype;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const data = typeof value === "function" ? methodData.get(value) : undefined;
      if (data !== undefined) methods[name] = data;
    }
  }
  return methods;
}

/** A class and those it extends, nearest first. */
function ancestors(target: object): object[] {
  const found: object[] = [];
  for (
    let at: object | null = target;
    typeof at === "function" && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    found.push(at);
  }
  return found;
}
