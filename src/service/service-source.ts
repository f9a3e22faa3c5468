import { ArgumentError, describeValue } from "../errors/index.js";
import { classDataOf, methodDataOf } from "./decorator-data.js";
import { DefinedService, type MethodsOfDefined, makeDefinition } from "./define-service.js";
import type { Handler, Handlers, ServiceDefinition, UploadHandler } from "./definition.js";
import type { Widen } from "./schema/value-types.js";

/** What stands for a service: what `defineService` gives, a decorated class, or an instance. */
export type ServiceSource =
  | DefinedService<unknown>
  | (abstract new (
      ...args: never[]
    ) => object)
  | object;

/** The methods of a service source, as functions. */
export type MethodsOf<S> =
  S extends DefinedService<unknown>
    ? MethodsOfDefined<S>
    : S extends abstract new (
          ...args: never[]
        ) => infer Instance
      ? MethodsOfInstance<Instance>
      : MethodsOfInstance<S>;

type MethodsOfInstance<I> = {
  readonly [K in keyof I as I[K] extends (...args: never[]) => unknown ? K : never]: I[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: Widen<A>) => R
    : never;
};

const definitions = new WeakMap<object, ServiceDefinition>();

/** The definition of a service, made once per class. Throws an ArgumentError for anything else. */
export function definitionOf(source: ServiceSource): ServiceDefinition {
  if (source instanceof DefinedService) return source.definition;
  const target = constructorOf(source);
  let definition = definitions.get(target);
  if (definition === undefined) {
    const methods = methodDataOf(target);
    if (Object.keys(methods).length === 0) {
      throw new ArgumentError(
        `${target.name || "the class"} is not a service: ` +
          "it has no method decorated with @method or @native",
      );
    }
    const head = classDataOf(target);
    definition = makeDefinition({ ...head, name: head.name ?? target.name }, methods);
    definitions.set(target, definition);
  }
  return definition;
}

/** The handlers of a service; a class is instantiated without arguments to get them. */
export function handlersOf(source: ServiceSource): Handlers {
  if (source instanceof DefinedService) return source.handlers;
  const instance = typeof source === "function" ? instantiate(source) : source;
  const handlers = new Map<string, Handler>();
  for (const name of Object.keys(definitionOf(source).methods)) {
    const handler = (instance as Record<string, Handler>)[name];
    if (handler !== undefined) handlers.set(name, handler.bind(instance));
  }
  return handlers;
}

/** What answers raw bodies, by method; decorated classes have none. */
export function uploadsOf(source: ServiceSource): ReadonlyMap<string, UploadHandler> {
  return source instanceof DefinedService ? source.uploads : NO_UPLOADS;
}

const NO_UPLOADS: ReadonlyMap<string, UploadHandler> = new Map();

type AnyConstructor = (new () => object) & { readonly name: string };

function instantiate(source: object): object {
  const target = source as AnyConstructor;
  if (target.length > 0) {
    throw new ArgumentError(
      `class ${target.name} needs ${target.length} constructor arguments; ` +
        "pass an instance instead of the class",
    );
  }
  return new target();
}

function constructorOf(source: unknown): AnyConstructor {
  const target =
    typeof source === "object" && source !== null
      ? (source as { constructor?: unknown }).constructor
      : source;
  const isClass = typeof target === "function" && target !== Object && hasPrototype(target);
  if (!isClass) {
    throw new ArgumentError(
      "service must be a decorated class, an instance of one, or what defineService gives, " +
        `got ${describeValue(source)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return target as AnyConstructor;
}

/** Classes have one; arrow functions and methods have none. */
function hasPrototype(target: object): boolean {
  return typeof (target as { prototype?: unknown }).prototype === "object";
}
