import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { definitionOf, type ServiceSource } from "../service/index.js";
import { UsageError } from "./failure.js";

/**
 * The services that modules export, under whatever names. A module is a file, or a package of the
 * current directory.
 *
 * @throws UsageError for a module that is not there, fails to load, or exports no service
 */
export async function loadServices(modules: readonly string[]): Promise<ServiceSource[]> {
  const services = new Set<ServiceSource>();
  for (const module of modules) {
    const found = servicesAmong(await importModule(module));
    if (found.length === 0) {
      throw new UsageError(
        `${module} exports no service: export what defineService returns, ` +
          "or a class with @method or @native on its methods",
      );
    }
    for (const service of found) services.add(service);
  }
  return [...services];
}

async function importModule(module: string): Promise<object> {
  try {
    const file = existsSync(module) ? resolve(module) : resolvePackage(module);
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UsageError(`${module} cannot be loaded: ${reason}`);
  }
}

function resolvePackage(name: string): string {
  return createRequire(join(process.cwd(), "package.json")).resolve(name);
}

function servicesAmong(module: object): ServiceSource[] {
  return Object.values(module).filter(isService);
}

function isService(value: unknown): value is ServiceSource {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return false;
  try {
    definitionOf(value);
    return true;
  } catch {
    return false;
  }
}
