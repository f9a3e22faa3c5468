import { ArgumentError } from "../../errors/index.js";
import type { MethodOptions } from "../define-method.js";
import { DefinedService, makeDefinition } from "../define-service.js";
import type { MethodDefinition, ServiceDefinition } from "../definition.js";
import type { Methods } from "../method-types.js";
import type { JsonSchema } from "../schema/json-schema.js";
import { t } from "../schema/t.js";
import { validate } from "../schema/validate.js";
import { definitionOf, type ServiceSource } from "../service-source.js";
import { SCHEMA_OF_SCHEMAS } from "./schema-of-schemas.js";

/** Definitions as a file holds them. */
export interface DefinitionDocument {
  /** The version of this format. */
  readonly nearfar: 1;
  readonly services: readonly ServiceDefinition[];
}

/** The definitions of services as plain JSON: what a file or an answer can hold. */
export function definitionsToJson(services: readonly ServiceSource[]): DefinitionDocument {
  const document = { nearfar: 1, services: services.map(definitionOf) };
  return JSON.parse(JSON.stringify(document)) as DefinitionDocument;
}

/**
 * Services of a document, or of one definition alone, as `JSON.parse` gives it. They have no
 * handlers: clients can call them, and `implementService` gives them some. Throws an ArgumentError
 * that says where the document is wrong.
 */
export function definitionsFromJson(json: unknown): DefinedService<Methods>[] {
  const isAlone = typeof json === "object" && json !== null && Object.hasOwn(json, "methods");
  const document: unknown = isAlone ? { nearfar: 1, services: [json] } : json;
  const place = (path: string): string => (isAlone ? path.replace(/^\.services\[0\]/, "") : path);
  const refuse = (path: string, problem: string): never => {
    throw new ArgumentError(`definition${place(path)}${problem}`);
  };
  const [error] = validate(DOCUMENT, document, { form: "json" });
  if (error !== undefined) refuse(error.path, error.message.slice(`value${error.path}`.length));
  const { services } = document as DefinitionDocument;
  return services.map((service, index) => {
    const path = `.services[${index}]`;
    checkSchemas(service, path, refuse);
    if (services.findIndex(({ name }) => name === service.name) !== index) {
      refuse(`${path}.name`, ` is a second "${service.name}"`);
    }
    return new DefinedService<Methods>(readService(service, path, refuse), new Map());
  });
}

type Refuse = (path: string, problem: string) => never;

const modes = t.enum(["ffi", "http", "both"]);
const namedSchema = { name: t.string(), schema: t.any() };

const METHOD = t.object({
  name: t.optional(t.string()),
  api: t.optional(modes),
  parameters: t.array(t.object({ ...namedSchema, optional: t.optional(t.boolean()) })),
  result: t.any(),
  stream: t.optional(t.enum(["server", "client", "bidirectional"])),
  items: t.optional(t.object(namedSchema)),
  resumable: t.optional(t.boolean()),
  native: t.optional(
    t.object({
      library: t.union([t.string(), t.map(t.string())]),
      declaration: t.optional(t.string()),
      symbol: t.optional(t.string()),
      async: t.optional(t.literal(true)),
      serialize: t.optional(t.literal(true)),
      isolate: t.optional(t.union([t.boolean(), t.map(t.any())])),
    }),
  ),
  idempotent: t.optional(t.boolean()),
  confidential: t.optional(t.boolean()),
  timeoutMs: t.optional(t.integer()),
  description: t.optional(t.string()),
});

const DOCUMENT = t.object({
  nearfar: t.literal(1),
  services: t.array(
    t.object({
      name: t.string(),
      version: t.optional(t.string()),
      api: t.optional(modes),
      trust: t.optional(t.enum(["hybrid", "centralized", "decentralized", "trustless"])),
      methods: t.map(METHOD),
    }),
  ),
});

/** Those of other libraries may say what they like: their codec accepts any JSON. */
function checkSchemas(service: ServiceDefinition, path: string, refuse: Refuse): void {
  for (const [name, method] of Object.entries(service.methods)) {
    const at = `${path}.methods["${name}"]`;
    const schemas: [place: string, schema: JsonSchema][] = [
      [`${at}.result`, method.result],
      ...method.parameters.map(({ schema }, index): [string, JsonSchema] => [
        `${at}.parameters[${index}].schema`,
        schema,
      ]),
    ];
    if (method.items !== undefined) schemas.push([`${at}.items.schema`, method.items.schema]);
    for (const [place, schema] of schemas) {
      if (schema?.["x-kind"] === "standard") continue;
      const [error] = validate(SCHEMA_OF_SCHEMAS, schema, { form: "json" });
      if (error === undefined) continue;
      refuse(place + error.path, error.message.slice(`value${error.path}`.length));
    }
  }
}

/** Made anew, so that it is what `defineService` would have made. */
function readService(service: ServiceDefinition, path: string, refuse: Refuse): ServiceDefinition {
  const { methods, ...head } = service;
  const options: [string, MethodOptions][] = Object.entries(methods).map(([key, method]) => {
    const at = `${path}.methods["${key}"]`;
    if (method.name !== undefined && method.name !== key) {
      refuse(`${at}.name`, ` must be "${key}", as the method is called`);
    }
    return [key, optionsOf(method)];
  });
  const made = makeDefinition(head, Object.fromEntries(options));
  for (const [key, { stream }] of Object.entries(methods)) {
    const found = made.methods[key]?.stream;
    if (stream === found) continue;
    refuse(`${path}.methods["${key}"].stream`, ` must be ${found ?? "absent"}, as its items say`);
  }
  return made;
}

/** What `defineService` would have been told. */
function optionsOf(method: MethodDefinition): MethodOptions {
  const { name: _, parameters, result, stream, items, ...rest } = method;
  return {
    ...rest,
    parameters: [
      ...parameters.map(({ name, schema, optional }) =>
        t.param(name, optional ? t.optional(schema) : schema),
      ),
      ...(items === undefined ? [] : [t.param(items.name, t.stream(items.schema))]),
    ],
    result: stream === "server" || stream === "bidirectional" ? t.stream(result) : result,
  };
}
