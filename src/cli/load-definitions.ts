import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { definitionsFromJson, parseServices, type ServiceSource } from "../service/index.js";
import { UsageError } from "./failure.js";
import { loadServices } from "./service-modules.js";

/** File name endings of definition texts. */
const TEXT_FILES = [".near", ".ffi", ".dal"];

/**
 * The services of a definition file (text or JSON), of a running server, or of a module.
 *
 * @throws UsageError for what is not there, or holds no definitions
 */
export async function loadDefinitions(name: string): Promise<ServiceSource[]> {
  if (/^https?:\/\//.test(name)) return definitionsOfServer(name);
  if (isDefinitionText(name)) return reading(name, (text) => parseServices(text, { file: name }));
  if (name.endsWith(".json")) return reading(name, (text) => definitionsFromJson(JSON.parse(text)));
  return loadServices([name]);
}

export function isDefinitionText(name: string): boolean {
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

/** The OpenAPI document of a nearfar server holds the definitions that it was made of. */
async function definitionsOfServer(base: string): Promise<ServiceSource[]> {
  const url = base.endsWith(".json") ? base : `${base.replace(/\/+$/, "")}/openapi.json`;
  const response = await fetch(url).catch((error: Error) => {
    const { cause } = error;
    const reason = cause instanceof Error ? cause.message : error.message;
    throw new UsageError(`${url} cannot be read: ${reason}`);
  });
  if (!response.ok) {
    throw new UsageError(
      `${url} answered ${response.status}; a server has it unless its option openApi is false`,
    );
  }
  const document: unknown = await response.json().catch(() => undefined);
  const text = (document as { readonly "x-nearfar"?: unknown } | undefined)?.["x-nearfar"];
  if (typeof text !== "string") throw new UsageError(`${url} is not of a nearfar server`);
  return parseServices(text, { file: url });
}
