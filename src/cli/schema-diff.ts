import { readFile } from "node:fs/promises";
import type { Command } from "commander";
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
import { loadServices } from "./service-modules.js";

interface DiffOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `nearfar schema diff`: may the new version take the old one's place? */
export function addSchemaCommand(program: Command): void {
  program
    .command("schema")
    .description("work with schemas and definitions")
    .command("diff")
    .description("compare two versions of a service or schema")
    .argument("<old>", "a .json file (a definition or a JSON Schema), or a module with one service")
    .argument("<new>", "the same, of the new version")
    .option("--strict", "callers of the new version have to get along with the old one too")
    .option("--json", "print the comparison as JSON")
    .addHelpText("after", help)
    .action(runCommand);
}

const help = `
Exits with 1 if callers may break: if the definition's version has not risen by what the changes ask
for (major for what breaks, minor for what is new, patch for words), or if values of the old schema
may not fit the new one.

Example:
  $ nearfar schema diff orders-1.json orders-2.json`;

async function runCommand(oldName: string, newName: string, options: DiffOptions): Promise<void> {
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
  if (name.endsWith(".json")) return loadJson(name);
  const services = await loadServices([name]);
  const [service, ...others] = services;
  if (service === undefined || others.length > 0) {
    throw new UsageError(`${name} must export one service, got ${services.length}`);
  }
  return definitionOf(service);
}

async function loadJson(name: string): Promise<ServiceDefinition | JsonSchema> {
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
