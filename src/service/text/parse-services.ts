import { ArgumentError } from "../../errors/index.js";
import { requireKnownOptions, requireString } from "../../internal/options.js";
import { type MethodOptions, makeMethod } from "../define-method.js";
import { DefinedService, makeDefinition, type ServiceHead } from "../define-service.js";
import type { ServiceDefinition } from "../definition.js";
import type { Methods } from "../method-types.js";
import type { AnySchema, Parameter, StreamSchema } from "../schema/json-schema.js";
import { t } from "../schema/t.js";
import { type Attributes, parseAttributes } from "./attributes.js";
import { Cursor } from "./cursor.js";
import type { Token } from "./tokens.js";
import { parseType, parseTyped } from "./types.js";

export interface ParseOptions {
  /** The text's name, for messages. */
  readonly file?: string;
}

/**
 * Reads the services of a definition text:
 *
 *     @api("both") @trust("hybrid")
 *     service Store {
 *       fn get(key: string) -> string;
 *     }
 *
 * They have no handlers: clients can call them, and `implementService` gives them some. Throws a
 * DefinitionSyntaxError with line and column.
 */
export function parseServices(text: string, options: ParseOptions = {}): DefinedService<Methods>[] {
  requireString(text, "text");
  requireKnownOptions(options, ["file"], "parseServices options");
  const cursor = new Cursor(text, options.file);
  const services: DefinedService<Methods>[] = [];
  const names = new Set<string>();
  while (cursor.token.kind !== "end") {
    const attributes = parseAttributes(cursor, "service");
    const start = cursor.token;
    const definition = parseService(cursor, attributes);
    if (names.has(definition.name)) {
      throw cursor.error(start, `a second service "${definition.name}"`);
    }
    names.add(definition.name);
    services.push(new DefinedService<Methods>(definition, new Map()));
  }
  return services;
}

function parseService(cursor: Cursor, attributes: Attributes): ServiceDefinition {
  const start = cursor.expect("service", "or an attribute");
  const name = cursor.takeName("the name of a service");
  cursor.expect("{", `after the name of service ${name}`);
  const methods = new Map<string, MethodOptions>();
  while (!cursor.accept("}")) parseMethod(cursor, name, attributes, methods);
  const head: ServiceHead = { ...attributes, name };
  return meaning(cursor, start, () => makeDefinition(head, Object.fromEntries(methods)));
}

function parseMethod(
  cursor: Cursor,
  service: string,
  { api }: Attributes,
  methods: Map<string, MethodOptions>,
): void {
  const { documentation } = cursor.token;
  const attributes = parseAttributes(cursor, "method");
  const start = cursor.token;
  cursor.expect("fn", 'or an attribute, or "}"');
  const name = cursor.takeName("the name of a method");
  if (methods.has(name)) throw cursor.error(start, `a second method "${name}"`);
  const options: MethodOptions = {
    ...(documentation !== undefined && { description: documentation }),
    ...attributes,
    // Without them, they are those of the C declaration.
    ...(cursor.token.text === "(" && parseSignature(cursor)),
  };
  cursor.expect(";", `after method ${name}`);
  // Here, so that what is wrong with a method is told at its place.
  meaning(cursor, start, () => makeMethod(`${service}.${name}`, name, options, api ?? "both"));
  methods.set(name, options);
}

function parseSignature(cursor: Cursor): Pick<MethodOptions, "parameters" | "result"> {
  const parameters: Parameter[] = [];
  cursor.expect("(", "and parameters");
  cursor.list(")", "a parameter", () => parameters.push(parseParameter(cursor)));
  const result = cursor.accept("->") ? parseResult(cursor) : t.void();
  return { parameters, result };
}

/** `name: type`, `name?: type`, `name: type = default` or `name: stream type`. */
function parseParameter(cursor: Cursor): Parameter {
  const name = cursor.takeName("the name of a parameter");
  const isOptional = cursor.accept("?");
  cursor.expect(":", "and a type");
  if (!isOptional && cursor.accept("stream")) return t.param(name, t.stream(parseType(cursor)));
  return t.param(name, parseTyped(cursor, isOptional));
}

function parseResult(cursor: Cursor): AnySchema | StreamSchema {
  return cursor.accept("stream") ? t.stream(parseType(cursor)) : parseType(cursor);
}

/** What is written well and means nothing is an error of the same kind. */
function meaning<T>(cursor: Cursor, at: Token, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    throw cursor.error(at, error.message, { cause: error });
  }
}
