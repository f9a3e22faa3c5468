import { ArgumentError, ServiceError } from "../errors/index.js";
import type { ParameterDefinition } from "./definition.js";

/** How much of a foreign name an error message shows. */
const SHOWN_LENGTH = 64;

/** A name that may come from anyone, for a message. */
export function quote(name: string): string {
  return JSON.stringify(name.slice(0, SHOWN_LENGTH));
}

/** `unknown service "Cripto"; known: CryptoService`, with the same words wherever it is found. */
export function notFound(what: string, name: string, known: Iterable<string>): ServiceError {
  return new ServiceError("NOT_FOUND", `unknown ${what} ${quote(name)}; ${list(known)}`);
}

/**
 * Arguments by position, of an object that names them. Those left out are undefined. Throws what
 * `refuse` makes of the problem with a name that no parameter has.
 */
export function toPositions(
  parameters: readonly ParameterDefinition[],
  named: Readonly<Record<string, unknown>>,
  refuse = (problem: string): ArgumentError => new ArgumentError(problem),
): unknown[] {
  for (const key of Object.keys(named)) {
    if (!parameters.some(({ name }) => name === key)) {
      const known = list(parameters.map(({ name }) => name));
      throw refuse(`unknown argument ${quote(key)}; ${known}`);
    }
  }
  return parameters.map(({ name }) => (Object.hasOwn(named, name) ? named[name] : undefined));
}

function list(known: Iterable<string>): string {
  return `known: ${[...known].join(", ") || "none"}`;
}
