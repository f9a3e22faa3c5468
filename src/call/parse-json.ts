import { findDuplicateKey } from "./duplicate-key.js";
import { isNestedDeeper, MAX_JSON_DEPTH } from "./json-depth.js";

/** Any spelling of `__proto__` or `constructor` has one of these, if only as an escape. */
const SUSPICIOUS = /__proto__|constructor|\\u00/;

/** JSON with an object that has a key twice, so that it could be read in two ways. */
export class DuplicateKeyError extends SyntaxError {
  /** `path` is the place of the key: `[0].point.x`. */
  constructor(readonly path: string) {
    super(`JSON with ${path} twice`);
    this.name = "DuplicateKeyError";
  }
}

/**
 * Parses JSON that anyone may have sent. Throws a SyntaxError that tells keys at most, also for
 * keys that would reach a prototype if somebody copied the value, and for equal ones in an object.
 */
export function parseJson(text: string): unknown {
  if (isNestedDeeper(text, MAX_JSON_DEPTH)) throw new SyntaxError("JSON nested too deeply");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError("invalid JSON");
  }
  if (SUSPICIOUS.test(text)) refusePoison(value);
  const path = findDuplicateKey(text, value);
  if (path !== undefined) throw new DuplicateKeyError(path);
  return value;
}

/** A list rather than recursion: a value may be nested as deeply as its text is long. */
function refusePoison(root: unknown): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Object.hasOwn(value, "__proto__") || hasPrototype(value)) {
      throw new SyntaxError("JSON with a key that reaches a prototype");
    }
    for (const child of Object.values(value)) open.push(child);
  }
}

function hasPrototype(value: object): boolean {
  if (!Object.hasOwn(value, "constructor")) return false;
  const { constructor: made } = value as { constructor: unknown };
  return typeof made === "object" && made !== null && Object.hasOwn(made, "prototype");
}
