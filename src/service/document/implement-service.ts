import { ArgumentError, describeValue } from "../../errors/index.js";
import { DefinedService } from "../define-service.js";
import type { Handler } from "../definition.js";
import { definitionOf, type MethodsOf, type ServiceSource } from "../service-source.js";

/** What answers the methods of a service, by name. */
export type Implementation<S> = {
  readonly [K in keyof MethodsOf<S>]?: MethodsOf<S>[K] extends (...args: infer A) => infer R
    ? (...args: A) => R | Promise<Awaited<R>>
    : never;
};

/**
 * A service with handlers, of a definition that has none: one that was read from a file. Throws an
 * ArgumentError for a handler of no method.
 */
export function implementService<S extends ServiceSource>(
  source: S,
  handlers: Implementation<S>,
): DefinedService<MethodsOf<S>> {
  const definition = definitionOf(source);
  const given = Object.entries(handlers as Readonly<Record<string, unknown>>);
  for (const [name, handler] of given) {
    if (!Object.hasOwn(definition.methods, name)) {
      const known = Object.keys(definition.methods).join(", ");
      throw new ArgumentError(`${definition.name} has no method "${name}"; known: ${known}`);
    }
    if (typeof handler !== "function") {
      throw new ArgumentError(
        `handler of ${definition.name}.${name} must be a function, got ${describeValue(handler)}`,
      );
    }
  }
  return new DefinedService(definition, new Map(given as [string, Handler][]));
}
