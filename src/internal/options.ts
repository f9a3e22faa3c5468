import { ArgumentError, describeValue } from "../errors/index.js";

/** The checks that every function with options shares: each names the option it refuses. */
export function requireKnownOptions(
  options: unknown,
  known: readonly string[],
  where: string,
): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ArgumentError(
      `${where} must be an object, got ${describeValue(options)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new ArgumentError(`${where} has no option "${key}"; known: ${known.join(", ")}`);
    }
  }
}

export function requireInteger(
  value: unknown,
  name: string,
  minimum: number,
  maximum: number,
): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < minimum || (value as number) > maximum) {
    throw new ArgumentError(
      `${name} must be an integer from ${minimum} to ${maximum}, got ${describeValue(value)}`,
    );
  }
}

export function requireBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== "boolean") {
    throw new ArgumentError(
      `${name} must be true or false, got ${describeValue(value)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
}

export function requireString(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") {
    throw new ArgumentError(
      `${name} must be a string, got ${describeValue(value)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
}

/** One of a few words; the refused word is shown, for options hold no secrets. */
export function requireOneOf<const T extends string>(
  value: unknown,
  name: string,
  allowed: readonly T[],
): asserts value is T {
  if (!allowed.includes(value as T)) {
    const words = allowed.map((word) => `"${word}"`).join(", ");
    const got = typeof value === "string" ? JSON.stringify(value) : describeValue(value);
    throw new ArgumentError(`${name} must be one of ${words}, got ${got}`);
  }
}
