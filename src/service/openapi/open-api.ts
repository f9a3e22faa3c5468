import { ArgumentError, SERVICE_CODES } from "../../errors/index.js";
import { requireKnownOptions, requireString } from "../../internal/options.js";
import { DefinedService } from "../define-service.js";
import { MAX_TIMEOUT_MS, type ServiceDefinition } from "../definition.js";
import { IDEMPOTENCY_HEADER, PROBLEM_CONTENT_TYPE, TIMEOUT_HEADER } from "../problem.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { definitionOf, type ServiceSource, uploadsOf } from "../service-source.js";
import { printServices } from "../text/print-services.js";
import { SchemaComponents } from "./components.js";
import type { OpenApiDocument, OpenApiParameter } from "./document.js";
import { describeOperation } from "./operation.js";

export interface OpenApiOptions {
  /** Default: the names of the services. */
  readonly title?: string;
  /** Of the whole. Default: that of the only service, or "1.0.0". */
  readonly version?: string;
  readonly description?: string;
  /** URLs under which the paths are found. */
  readonly servers?: readonly string[];
  /** What stands before `/api`, such as the prefix that a Fastify plugin is registered with. */
  readonly prefix?: string;
}

const OPTION_NAMES = [
  "title",
  "version",
  "description",
  "servers",
  "prefix",
] as const satisfies readonly (keyof OpenApiOptions)[];

/**
 * The OpenAPI 3.1 document of services as a server offers them: methods that run near only are not
 * in it. Throws an ArgumentError for a bad option, and for two services of one name.
 */
export function openApi(
  services: readonly ServiceSource[],
  options: OpenApiOptions = {},
): OpenApiDocument {
  requireKnownOptions(options, OPTION_NAMES, "openApi options");
  const definitions = services.map(definitionOf);
  const names = definitions.map(({ name }) => name);
  const { title = names.join(", "), description, servers, prefix = "" } = options;
  const { version = onlyVersion(definitions) } = options;
  requireString(title, "title");
  requireString(version, "version");
  requireString(prefix, "prefix");
  const components = new SchemaComponents({ Problem: PROBLEM, StreamError: STREAM_ERROR });
  const paths: Record<string, OpenApiDocument["paths"][string]> = {};
  for (const [index, service] of definitions.entries()) {
    if (names.indexOf(service.name) !== index) {
      throw new ArgumentError(`services has a second "${service.name}"`);
    }
    const uploads = uploadsOf(services[index] ?? service);
    for (const method of Object.values(service.methods)) {
      if (method.api === "ffi") continue;
      const hasUpload = uploads.has(method.name);
      const post = describeOperation({ service, method, hasUpload }, components);
      paths[`${prefix}/api/${service.name}/${method.name}`] = { post };
    }
  }
  return {
    openapi: "3.1.0",
    info: { title, version, ...(description !== undefined && { description }) },
    ...(servers !== undefined && { servers: servers.map((url) => ({ url })) }),
    tags: definitions.map(({ name, version, trust }) => ({
      name,
      "x-nearfar-version": version,
      "x-nearfar-trust": trust,
    })),
    paths,
    "x-nearfar": printServices(definitions.flatMap(withoutNative)),
    components: { schemas: components.schemas, parameters: PARAMETERS, responses: RESPONSES },
  };
}

/** What a caller elsewhere has no use for, and need not know: libraries of the server. */
function withoutNative(definition: ServiceDefinition): DefinedService[] {
  const methods = Object.entries(definition.methods)
    .filter(([, { api }]) => api !== "ffi")
    .map(([name, { native: _, ...method }]) => [name, method] as const);
  if (methods.length === 0) return [];
  const published = { ...definition, methods: Object.fromEntries(methods) };
  return [new DefinedService(published, new Map())];
}

function onlyVersion(definitions: readonly { readonly version: string }[]): string {
  const [first, ...others] = definitions;
  return first !== undefined && others.length === 0 ? first.version : "1.0.0";
}

const CODE: JsonSchema = { enum: Object.keys(SERVICE_CODES).filter((code) => code !== "OK") };

/** How a stream that has begun says that it failed. */
const STREAM_ERROR: JsonSchema = {
  type: "object",
  properties: { code: CODE, detail: { type: "string" } },
  required: ["code", "detail"],
};

/** RFC 9457, with the service code. */
const PROBLEM: JsonSchema = {
  type: "object",
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string", description: "What is wrong, in words." },
    code: CODE,
  },
  required: ["type", "title", "status", "detail", "code"],
};

const RESPONSES: OpenApiDocument["components"]["responses"] = {
  problem: {
    description: "The call failed; `code` says how.",
    content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
  },
};

const PARAMETERS: Readonly<Record<string, OpenApiParameter>> = {
  timeout: {
    name: TIMEOUT_HEADER,
    in: "header",
    description: "How long the caller waits, in milliseconds.",
    schema: { type: "integer", minimum: 1, maximum: MAX_TIMEOUT_MS },
  },
  idempotencyKey: {
    name: IDEMPOTENCY_HEADER,
    in: "header",
    description: "The same for a call and its repetitions.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
  },
};
