import type { MethodOptions } from "../define-method.js";
import type { ServiceHead } from "../define-service.js";
import type {
  ApiMode,
  Isolation,
  LibraryByPlatform,
  NativeBinding,
  TrustLevel,
} from "../definition.js";
import type { Cursor } from "./cursor.js";
import { parseJsonValue } from "./json-values.js";
import type { Token } from "./tokens.js";

/** What the attributes before a service or method say. */
export type Attributes = Partial<ServiceHead & MethodOptions>;

type Read = (cursor: Cursor, at: Token) => Attributes;

const ON_SERVICES = ["api", "trust", "version"];
const ON_METHODS = [
  ...["api", "native", "idempotent", "confidential", "resumable", "timeoutMs", "description"],
];

const ATTRIBUTES: Readonly<Record<string, Read>> = {
  api: (cursor) => ({ api: oneString(cursor) as ApiMode }),
  trust: (cursor) => ({ trust: oneString(cursor) as TrustLevel }),
  version: (cursor) => ({ version: oneString(cursor) }),
  description: (cursor) => ({ description: oneString(cursor) }),
  idempotent: () => ({ idempotent: true }),
  confidential: () => ({ confidential: true }),
  resumable: () => ({ resumable: true }),
  timeoutMs: (cursor) => {
    cursor.expect("(", "and a number of milliseconds");
    const value = parseJsonValue(cursor);
    cursor.expect(")", "after the number");
    return { timeoutMs: value as number };
  },
  native: (cursor) => ({ native: parseNative(cursor) }),
};

/** Reads the attributes that stand before a service, or a method. */
export function parseAttributes(cursor: Cursor, owner: "service" | "method"): Attributes {
  const allowed = owner === "service" ? ON_SERVICES : ON_METHODS;
  const seen = new Set<string>();
  let attributes: Attributes = {};
  while (cursor.accept("@")) {
    const { token } = cursor;
    const name = cursor.takeName("the name of an attribute");
    const read = allowed.includes(name) ? ATTRIBUTES[name] : undefined;
    if (read === undefined) {
      const known = allowed.map((each) => `@${each}`).join(", ");
      throw cursor.error(token, `a ${owner} has no attribute @${name}; known: ${known}`);
    }
    if (seen.has(name)) throw cursor.error(token, `a second @${name}`);
    seen.add(name);
    attributes = { ...attributes, ...read(cursor, token) };
  }
  return attributes;
}

function oneString(cursor: Cursor): string {
  cursor.expect("(", "and a string");
  const value = cursor.takeString("a string");
  cursor.expect(")", "after the string");
  return value;
}

/**
 * `@native("libm.so.6", "double cos(double x)")`, or by platform `@native(linux: "libm.so.6",
 * darwin: "libm.dylib", "double cos(double x)")`; of this package `@native("nearfar:crypto",
 * "hash")`. `async` has the function called on the pool of threads, with `serialize` one at a time; `isolate:
 * true`, or its options as JSON, in a helper process.
 */
function parseNative(cursor: Cursor): NativeBinding {
  cursor.expect("(", "and a library");
  const byPlatform: Record<string, string> = {};
  const strings: string[] = [];
  const start = cursor.token;
  const options: { async?: true; serialize?: true; isolate?: Isolation } = {};
  cursor.list(")", "a library or declaration", () => {
    if (cursor.token.kind !== "name") {
      strings.push(cursor.takeString("a string"));
      return;
    }
    if (cursor.accept("async")) {
      options.async = true;
      return;
    }
    if (cursor.accept("serialize")) {
      options.serialize = true;
      return;
    }
    const platform = cursor.takeName("a platform");
    cursor.expect(":", "after a platform");
    if (platform === "isolate") {
      options.isolate = parseJsonValue(cursor) as Isolation;
      return;
    }
    byPlatform[platform] = cursor.takeString("the library of the platform");
  });
  const isByPlatform = Object.keys(byPlatform).length > 0;
  const [first, second, ...more] = strings;
  const [library, declaration] = isByPlatform
    ? [byPlatform as LibraryByPlatform, first]
    : [first, second];
  const isComplete = more.length === 0 && !(isByPlatform && second !== undefined);
  if (library === undefined || declaration === undefined || !isComplete) {
    throw cursor.error(start, "@native needs a library and a C declaration");
  }
  if (typeof library !== "string" || !library.startsWith("nearfar:")) {
    return { library, declaration, ...options };
  }
  const [option] = Object.keys(options);
  if (option !== undefined) {
    throw cursor.error(start, `@native with ${option} is for C functions of libraries`);
  }
  return { library: library as `nearfar:${string}`, symbol: declaration };
}
