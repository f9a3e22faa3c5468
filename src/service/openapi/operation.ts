import type { MethodDefinition, ParameterDefinition, ServiceDefinition } from "../definition.js";
import type { JsonSchema } from "../schema/json-schema.js";
import type { SchemaComponents } from "./components.js";
import type { OpenApiContent, OpenApiOperation, OpenApiParameter } from "./document.js";

/** A method with the service that it is of. */
export interface DescribedMethod {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  /** Its first argument may arrive as a raw body. */
  readonly hasUpload: boolean;
}

/** JSON Schema's `prefixItems`, which `t` does not write: the arguments by position. */
interface TupleSchema extends JsonSchema {
  readonly prefixItems: readonly JsonSchema[];
}

/** What `POST /api/<Service>/<method>` takes and gives. */
export function describeOperation(
  { service, method, hasUpload }: DescribedMethod,
  components: SchemaComponents,
): OpenApiOperation {
  const label = `${service.name}.${method.name}`;
  const parameters = method.parameters.map((parameter) => ({
    ...parameter,
    schema: components.embed(parameter.schema, label),
  }));
  const result = components.embed(method.result, label);
  const isStream = method.stream === "server" || method.stream === "bidirectional";
  const items = method.items && components.embed(method.items.schema, label);
  const content = items === undefined ? bodyOf(parameters, hasUpload) : uploadOf(parameters, items);
  return {
    operationId: `${service.name}_${method.name}`,
    tags: [service.name],
    summary: signatureOf(method),
    ...(method.description !== undefined && { description: method.description }),
    parameters: [
      { $ref: "#/components/parameters/timeout" },
      ...(method.idempotent ? [] : [{ $ref: "#/components/parameters/idempotencyKey" }]),
      ...(hasUpload ? queryOf(parameters) : []),
    ],
    requestBody: { required: true, content },
    responses: {
      "200": isStream
        ? { description: "The items, one after the other.", content: streamOf(result) }
        : {
            description: method.result.description ?? "The result.",
            content: { "application/json": { schema: result } },
          },
      default: { $ref: "#/components/responses/problem" },
    },
    "x-nearfar-api": method.api,
    "x-nearfar-idempotent": method.idempotent,
    ...(method.stream !== undefined && { "x-nearfar-stream": method.stream }),
    ...(method.confidential && { "x-nearfar-confidential": true }),
  };
}

/** `hash_data(data, algorithm?)`. */
function signatureOf({ name, parameters, items }: MethodDefinition): string {
  const words = parameters.map((parameter) => parameter.name + (parameter.optional ? "?" : ""));
  if (items !== undefined) words.push(`...${items.name}`);
  return `${name}(${words.join(", ")})`;
}

/** Arguments by name or by position. */
function bodyOf(parameters: readonly ParameterDefinition[], hasUpload: boolean): OpenApiContent {
  const raw = { "application/octet-stream": {} };
  return { "application/json": { schema: argumentsOf(parameters) }, ...(hasUpload && raw) };
}

function argumentsOf(parameters: readonly ParameterDefinition[]): JsonSchema {
  return { anyOf: [byName(parameters), byPosition(parameters)] };
}

/** Schemas of one line: OpenAPI 3.1 has none for a sequence. */
function uploadOf(parameters: readonly ParameterDefinition[], items: JsonSchema): OpenApiContent {
  const opening: JsonSchema = {
    type: "object",
    title: "the first line",
    properties: { args: argumentsOf(parameters) },
    required: ["args"],
  };
  return { [NDJSON]: { schema: { anyOf: [opening, frameOf({ item: items }), END] } } };
}

function streamOf(item: JsonSchema): OpenApiContent {
  const failure = { $ref: "#/components/schemas/StreamError" };
  return {
    [NDJSON]: { schema: { anyOf: [frameOf({ item }), END, frameOf({ error: failure })] } },
    "text/event-stream": { schema: item },
  };
}

/** A line of a stream, with its number. */
function frameOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: "object",
    properties: { seq: { type: "integer", minimum: 1 }, ...properties },
    required: ["seq", ...Object.keys(properties)],
  };
}

const NDJSON = "application/x-ndjson";
const END = frameOf({ end: { const: true } });

function byName(parameters: readonly ParameterDefinition[]): JsonSchema {
  return {
    type: "object",
    title: "by name",
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    required: parameters.filter(({ optional }) => !optional).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** Left-out arguments at the end are not there; one before others is null. */
function byPosition(parameters: readonly ParameterDefinition[]): JsonSchema {
  const bounds = {
    type: "array",
    title: "by position",
    minItems: parameters.filter(({ optional }) => !optional).length,
    maxItems: parameters.length,
  } as const;
  if (parameters.length === 0) return bounds;
  const tuple: TupleSchema = {
    ...bounds,
    prefixItems: parameters.map(({ schema, optional }) =>
      optional ? { anyOf: [schema, { type: "null" }] } : schema,
    ),
  };
  return tuple;
}

/** Beside a raw body, which stands for the first argument, the others are in the query. */
function queryOf([, ...parameters]: readonly ParameterDefinition[]): OpenApiParameter[] {
  return parameters.map(({ name, schema }) => ({
    name,
    in: "query",
    description: "Beside a body of application/octet-stream only.",
    required: false,
    schema,
  }));
}
