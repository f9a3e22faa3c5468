/**
 * `name@VERSION` and `name@@VERSION` ask for one version of a symbol, as `nm` prints them; not on
 * Windows, where names may have an `@` of their own.
 */
export function splitVersion(symbol: string): { name: string; version: string | undefined } {
  const versioned = process.platform === "win32" ? null : /^([^@]+)@@?([^@]+)$/.exec(symbol);
  const [, name = symbol, version] = versioned ?? [];
  return { name, version };
}
