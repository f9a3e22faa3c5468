import { ArgumentError } from "../errors/index.js";
import type { MethodDefinition, ServiceDefinition } from "./definition.js";
import { canonicalJson } from "./schema/canonical-json.js";
import { narrowings } from "./schema/compare.js";
import type { JsonSchema } from "./schema/json-schema.js";

/**
 * `loose`: callers of the old version get along with the new one. `strict`: callers of the new
 * version get along with the old one too, so that both may run at once.
 */
export type Compatibility = "loose" | "strict";

/** What semantic versioning asks for. */
export type VersionChange = "none" | "patch" | "minor" | "major";

export interface Change {
  /** `get`, `get(key)`, `get result.items[]`, or empty for the service or schema itself. */
  readonly place: string;
  readonly message: string;
  readonly isBreaking: boolean;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** The least change of version that is honest. */
  readonly needs: VersionChange;
}

/** Compares two versions of a service, as its callers see it. */
export function compareServices(
  before: ServiceDefinition,
  after: ServiceDefinition,
  compatibility: Compatibility = "loose",
): Comparison {
  const changes: Change[] = [];
  if (before.name !== after.name) {
    changes.push(breaking("", `was called ${before.name}, is called ${after.name}`));
  }
  for (const [name, method] of Object.entries(before.methods)) {
    const next = after.methods[name];
    if (next === undefined) changes.push(breaking(name, "is gone"));
    else changes.push(...compareMethods(method, next, compatibility));
  }
  for (const name of Object.keys(after.methods).filter((name) => !(name in before.methods))) {
    changes.push({ place: name, message: "is new", isBreaking: compatibility === "strict" });
  }
  return conclude(changes, canonicalJson(before) === canonicalJson(after));
}

/** Compares two versions of a schema whose values some write and others read. */
export function compareSchemas(
  before: JsonSchema,
  after: JsonSchema,
  compatibility: Compatibility = "loose",
): Comparison {
  const changes = compareValues("", before, after, compatibility);
  return conclude(changes, canonicalJson(before) === canonicalJson(after));
}

/**
 * The least version that may follow `version` with such a change; undefined if any may. Before
 * 1.0.0 a minor version may break (Semantic Versioning 2.0.0, item 4).
 */
export function requiredVersion(version: string, needs: VersionChange): string | undefined {
  const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (numbers.length === 0) {
    throw new ArgumentError(`version must be like "1.2.3", got ${JSON.stringify(version)}`);
  }
  const [major = 0, minor = 0, patch = 0] = numbers.map(Number);
  if (needs === "none") return undefined;
  if (needs === "patch" || (major === 0 && needs === "minor"))
    return `${major}.${minor}.${patch + 1}`;
  if (needs === "minor" || major === 0) return `${major}.${minor + 1}.0`;
  return `${major + 1}.0.0`;
}

function kindOf({ stream }: MethodDefinition): string {
  return stream === undefined ? "a single call" : `a ${stream} stream`;
}

function compareMethods(
  before: MethodDefinition,
  after: MethodDefinition,
  compatibility: Compatibility,
): Change[] {
  const { name } = before;
  const changes: Change[] = [];
  const count = Math.max(before.parameters.length, after.parameters.length);
  for (let index = 0; index < count; index++) {
    const [old, next] = [before.parameters[index], after.parameters[index]];
    const place = `${name}(${(old ?? next)?.name})`;
    if (old === undefined) {
      const isBreaking = compatibility === "strict" || next?.optional !== true;
      changes.push({
        place,
        message: next?.optional ? "is new" : "is new and required",
        isBreaking,
      });
    } else if (next === undefined) {
      changes.push(breaking(place, "is gone"));
    } else {
      if (old.name !== next.name) changes.push(breaking(place, `is called ${next.name} now`));
      if (old.optional && !next.optional)
        changes.push(breaking(place, "was optional, is required"));
      changes.push(...compareValues(place, old.schema, next.schema, compatibility));
    }
  }
  const result = `${name} result`;
  changes.push(...compareValues(result, before.result, after.result, compatibility, "writes"));
  if (before.stream !== after.stream) {
    changes.push(breaking(name, `was ${kindOf(before)}, is ${kindOf(after)}`));
  }
  if (before.items !== undefined && after.items !== undefined) {
    const place = `${name}(${before.items.name})`;
    changes.push(...compareValues(place, before.items.schema, after.items.schema, compatibility));
  }
  if (before.idempotent && !after.idempotent) {
    changes.push(breaking(name, "was idempotent: callers may repeat it"));
  }
  return changes;
}

/** What one side writes, the other reads: parameters go one way, results the other. */
function compareValues(
  place: string,
  before: JsonSchema,
  after: JsonSchema,
  compatibility: Compatibility,
  newSide: "reads" | "writes" = "reads",
): Change[] {
  const lost = narrowings(before, after).map((narrowing) => ({
    place: place + narrowing.path,
    message: wording(narrowing.what, narrowing.from, narrowing.to),
  }));
  const gained = narrowings(after, before).map((narrowing) => ({
    place: place + narrowing.path,
    message: wording(narrowing.what, narrowing.to, narrowing.from),
  }));
  const [breaks, bends] = newSide === "reads" ? [lost, gained] : [gained, lost];
  const isKnown = new Set(breaks.map((each) => each.place + each.message));
  return [
    ...breaks.map((each) => ({ ...each, isBreaking: true })),
    ...bends
      .filter((each) => !isKnown.has(each.place + each.message))
      .map((each) => ({ ...each, isBreaking: compatibility === "strict" })),
  ];
}

function wording(what: string, before: string, after: string): string {
  return `${what} was ${before}, is ${after}`.trim();
}

function breaking(place: string, message: string): Change {
  return { place, message, isBreaking: true };
}

function conclude(changes: readonly Change[], isSame: boolean): Comparison {
  if (changes.some(({ isBreaking }) => isBreaking)) return { changes, needs: "major" };
  if (changes.length > 0) return { changes, needs: "minor" };
  return { changes, needs: isSame ? "none" : "patch" };
}
