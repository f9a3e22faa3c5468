import { writeFile } from "node:fs/promises";
import { definitionOf } from "../../service/index.js";
import { CommandFailure } from "../failure.js";
import { loadDefinitions } from "../load-definitions.js";
import { clientModuleOf } from "./client-module.js";
import { declarationsOf } from "./declarations.js";

/** Prints the declarations of services, or writes them and the module that they describe. */
export async function writeTypes(name: string, out: string | undefined): Promise<void> {
  const services = await loadDefinitions(name);
  const declarations = declarationsOf(services.map(definitionOf));
  if (out === undefined) {
    process.stdout.write(declarations);
    return;
  }
  const base = out.replace(/(\.d)?\.ts$|\.js$/, "");
  await write(`${base}.js`, clientModuleOf(services));
  await write(`${base}.d.ts`, declarations);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new CommandFailure(`${path}: ${error instanceof Error ? error.message : error}`);
  }
  console.log(`wrote ${path}`);
}
