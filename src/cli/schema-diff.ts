import { readFile } from "node:fs/promises";
import {
  type Comparison,
  compareSchemas,
  compareServices,
  definitionOf,
  type JsonSchema,
  requiredVersion,
  type ServiceDefinition,
} from "../service/index.js";
import { CommandFailure, UsageError } from "./failure.js";
import { loadDefinitions } from "./load-definitions.js";

/** What `nearfar schema diff` was asked for. */
export interface DiffOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Prints what has changed; throws a CommandFailure if callers may break. */
export async function diffSchemas(
  oldName: string,
  newName: string,
  options: DiffOptions,
): Promise<void> {
  const [before, after] = [await load(oldName), await load(newName)];
  const compatibility = options.strict ? "strict" : "loose";
  if (isService(before) !== isService(after)) {
    throw new UsageError(`${oldName} and ${newName} must both be definitions or both be schemas`);
  }
  const comparison =
    isService(before) && isService(after)
      ? compareServices(before, after, compatibility)
      : compareSchemas(before as JsonSchema, after as JsonSchema, compatibility);
  console.log(options.json ? JSON.stringify(comparison) : render(comparison));
  const shortfall = shortfallOf(before, after, comparison);
  if (shortfall !== undefined) throw new CommandFailure(shortfall);
}

function shortfallOf(before: object, after: object, { needs }: Comparison): string | undefined {
  if (!isService(before) || !isService(after)) {
    return needs === "major" ? "values that one version writes may not fit the other" : undefined;
  }
  const required = requiredVersion(before.version, needs);
  if (required === undefined || compareVersions(after.version, required) >= 0) return undefined;
  return `version must be ${required} or later, got ${after.version}: a ${needs} change`;
}

/** By numbers; what follows a hyphen is not looked at. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function render({ changes, needs }: Comparison): string {
  const lines = changes.map(({ place, message, isBreaking }) =>
    [isBreaking ? "breaks " : "fits   ", place, message].filter((word) => word !== "").join("  "),
  );
  return [...lines, needs === "none" ? "no change" : `a ${needs} change`].join("\n");
}

async function load(name: string): Promise<ServiceDefinition | JsonSchema> {
  if (name.endsWith(".json")) {
    const value = await loadJson(name);
    if (!isService(value) && !Object.hasOwn(value, "nearfar")) return value;
  }
  const services = await loadDefinitions(name);
  const [service, ...others] = services;
  if (service === undefined || others.length > 0) {
    throw new UsageError(`${name} must hold one service, got ${services.length}`);
  }
  return definitionOf(service);
}

async function loadJson(name: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(name, "utf8"));
    if (typeof value === "object" && value !== null) return value;
    throw new TypeError("it holds no object");
  } catch (error) {
    throw new UsageError(
      `${name} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function isService(value: object): value is ServiceDefinition {
  return Object.hasOwn(value, "methods") && Object.hasOwn(value, "name");
}
