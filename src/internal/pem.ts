import { ArgumentError, describeValue } from "../errors/index.js";

/** One or several certificates or keys: PEM as text or bytes. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[];

export function requirePem(value: unknown, name: string): asserts value is Pem {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) {
    if (typeof item !== "string" && !(item instanceof Uint8Array)) {
      throw new ArgumentError(
        `${name} must be PEM, as a string or bytes, or a list of such, got ${describeValue(item)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    // A path, DER or nothing at all, which OpenSSL says in words of its own, or passes over.
    const text = typeof item === "string" ? item : Buffer.from(item).toString("latin1");
    if (text.includes("-----BEGIN ")) continue;
    const got = describeValue(item);
    throw new ArgumentError(`${name} must be PEM, with a line "-----BEGIN ...", got ${got}`);
  }
}
