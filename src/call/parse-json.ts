import { MAX_TEXT_DEPTH } from "../internal/limits.js";
import { findDuplicateKey } from "./duplicate-key.js";
import { isNestedDeeper } from "./json-depth.js";

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

/** Why a text was refused that anyone may have sent. */
export class JsonRefusal {
  constructor(
    /** What the text must do, in words that tell keys at most. */
    readonly must: string,
    /** Of a key that an object has twice: its place. */
    readonly duplicate?: string,
  ) {}
}

const TOO_DEEP = new JsonRefusal(`not be nested deeper than ${MAX_TEXT_DEPTH} levels`);
const NO_JSON = new JsonRefusal("be valid JSON");
const POISONED = new JsonRefusal('be valid JSON without "__proto__" keys');

/**
 * The value of a JSON text that anyone may have sent. Refused, rather than thrown, is also one with
 * keys that would reach a prototype if somebody copied the value, or with equal keys in an object.
 */
export function readJson(text: string): unknown {
  if (isNestedDeeper(text, MAX_TEXT_DEPTH)) return TOO_DEEP;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NO_JSON;
  }
  if (SUSPICIOUS.test(text) && isPoisoned(value)) return POISONED;
  const path = findDuplicateKey(text, value);
  return path === undefined ? value : new JsonRefusal(`have the key ${path} only once`, path);
}

/** What `readJson` would refuse of a text that JSON.stringify has written. */
export function refusalOfWritten(text: string): JsonRefusal | undefined {
  return SUSPICIOUS.test(text) && isPoisoned(JSON.parse(text)) ? POISONED : undefined;
}

/** As `readJson`, but throws a SyntaxError for what is refused. */
export function parseJson(text: string): unknown {
  const value = readJson(text);
  if (!(value instanceof JsonRefusal)) return value;
  if (value.duplicate !== undefined) throw new DuplicateKeyError(value.duplicate);
  throw new SyntaxError(`a JSON text must ${value.must}`);
}

/** A list rather than recursion: a value may be nested as deeply as its text is long. */
function isPoisoned(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Object.hasOwn(value, "__proto__") || hasPrototype(value)) return true;
    for (const child of Object.values(value)) open.push(child);
  }
  return false;
}

function hasPrototype(value: object): boolean {
  if (!Object.hasOwn(value, "constructor")) return false;
  const { constructor: made } = value as { constructor: unknown };
  return typeof made === "object" && made !== null && Object.hasOwn(made, "prototype");
}
