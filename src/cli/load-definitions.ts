import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { definitionsFromJson, parseServices, type ServiceSource } from "../service/index.js";
import { UsageError } from "./failure.js";
import { definitionsOfServer, isServer } from "./server-definitions.js";
import { loadServices } from "./service-modules.js";

/** File name endings of definition texts. */
const TEXT_FILES = [".near", ".ffi", ".dal"];

/**
 * The services of a definition file (text or JSON), of a running server, or of a module.
 *
 * @throws UsageError for what is not there, or holds no definitions
 */
export async function loadDefinitions(name: string): Promise<ServiceSource[]> {
  if (isServer(name)) return definitionsOfServer(name);
  if (isDefinitionText(name)) return reading(name, (text) => parseServices(text, { file: name }));
  if (name.endsWith(".json")) return reading(name, (text) => definitionsFromJson(JSON.parse(text)));
  return loadServices([name]);
}

function isDefinitionText(name: string): boolean {
  return TEXT_FILES.includes(extname(name));
}

async function reading<T>(name: string, read: (text: string) => T): Promise<T> {
  try {
    return read(await readFile(name, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // A text's own messages begin with its name.
    throw new UsageError(reason.startsWith(`${name}:`) ? reason : `${name}: ${reason}`);
  }
}
