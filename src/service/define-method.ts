import { ArgumentError, argumentLabel, describeValue } from "../errors/index.js";
import { isIsolate, resolveIsolateOptions } from "../ffi/isolate/deferred.js";
import {
  requireBoolean,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requireString,
} from "../internal/options.js";
import { isPointer, prototypeOf, valueKinds } from "./c-schemas.js";
import {
  API_MODES,
  type ApiMode,
  MAX_TIMEOUT_MS,
  type MethodDefinition,
  type NativeBinding,
  type ParameterDefinition,
} from "./definition.js";
import { codecOf } from "./schema/codec.js";
import {
  type AnySchema,
  isOptional,
  type JsonSchema,
  type Parameter,
  withoutOptional,
} from "./schema/json-schema.js";
import { toSchema } from "./schema/standard-schema.js";
import { takeStreams } from "./stream-options.js";

/** What may be said about a method, decorators and `defineService` alike. */
export interface MethodOptions {
  readonly api?: ApiMode;
  readonly parameters?: readonly Parameter[];
  readonly result?: AnySchema;
  readonly native?: NativeBinding;
  /** Calling it twice has the effect of calling it once. Default false: nothing is repeated. */
  readonly idempotent?: boolean;
  /** See MethodDefinition. Default false. */
  readonly confidential?: boolean;
  /** Of a server stream: see MethodDefinition. Default false. */
  readonly resumable?: boolean;
  /** From 1 to 2^31 - 1. Default: the client's. */
  readonly timeoutMs?: number;
  readonly description?: string;
}

export const METHOD_OPTION_NAMES = [
  "api",
  "parameters",
  "result",
  "native",
  "idempotent",
  "confidential",
  "resumable",
  "timeoutMs",
  "description",
] as const satisfies readonly (keyof MethodOptions)[];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A client is an object and gets awaited: these names mean something else on it. */
const RESERVED_NAMES: readonly string[] = ["then", "constructor", "prototype", "__proto__"];

export function requireName(value: unknown, what: string): asserts value is string {
  const isName = typeof value === "string" && NAME.test(value) && !RESERVED_NAMES.includes(value);
  if (isName) return;
  const got = typeof value === "string" ? JSON.stringify(value) : describeValue(value);
  throw new ArgumentError(
    `${what} must be letters, digits and _, not start with a digit, and not be one of ` +
      `${RESERVED_NAMES.join(", ")}, got ${got}`,
  );
}

/** Checks the options of one method and fills in the rest. `label` is `Service.method`. */
export function makeMethod(
  label: string,
  name: string,
  options: MethodOptions,
  serviceApi: ApiMode,
): MethodDefinition {
  requireName(name, `method name ${label}`);
  const { api = serviceApi, native, idempotent = false, timeoutMs, description } = options;
  const { confidential = false, resumable = false } = options;
  requireOneOf(api, `api of ${label}`, API_MODES);
  requireBoolean(idempotent, `idempotent of ${label}`);
  requireBoolean(confidential, `confidential of ${label}`);
  requireBoolean(resumable, `resumable of ${label}`);
  if (timeoutMs !== undefined) {
    requireInteger(timeoutMs, `timeoutMs of ${label}`, 1, MAX_TIMEOUT_MS);
  }
  if (description !== undefined) requireString(description, `description of ${label}`);
  const binding = native === undefined ? undefined : makeBinding(label, native);
  if (api === "ffi" && binding === undefined) {
    throw new ArgumentError(`${label} is api "ffi" and needs native: a library and a declaration`);
  }
  const streams = takeStreams(label, options);
  if (resumable && streams.stream !== "server") {
    throw new ArgumentError(
      `resumable of ${label} needs a result of t.stream, and no other stream`,
    );
  }
  if (streams.items !== undefined)
    requireName(streams.items.name, `name of the stream of ${label}`);
  const { parameters, result } = makeSchemas(label, streams.options);
  requireTravel(label, api, parameters, result);
  return {
    name,
    api,
    parameters,
    result,
    idempotent,
    ...(streams.stream !== undefined && { stream: streams.stream }),
    ...(streams.items !== undefined && { items: streams.items }),
    ...(confidential && { confidential }),
    ...(resumable && { resumable }),
    ...(binding !== undefined && { native: binding }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(description !== undefined && { description }),
  };
}

function makeBinding(label: string, native: NativeBinding): NativeBinding {
  const known = ["library", "declaration", "symbol", "async", "serialize", "isolate"];
  requireKnownOptions(native, known, `native of ${label}`);
  const fields: Record<string, unknown> = { ...native };
  const { library, declaration, symbol } = fields;
  if (typeof library === "object" && library !== null) {
    requireKnownOptions(library, ["linux", "darwin", "win32"], `native.library of ${label}`);
    for (const [platform, path] of Object.entries(library)) {
      requireString(path, `native.library.${platform} of ${label}`);
    }
  } else {
    requireString(library, `native.library of ${label}`);
  }
  const isBuiltIn = typeof library === "string" && library.startsWith("nearfar:");
  if (isBuiltIn) requireString(symbol, `native.symbol of ${label}`);
  else requireString(declaration, `native.declaration of ${label}`);
  requireFlag(fields.async, "async", isBuiltIn, label);
  requireFlag(fields.serialize, "serialize", isBuiltIn, label);
  if (fields.serialize === true && fields.async !== true && !fields.isolate) {
    throw new ArgumentError(
      `native.serialize of ${label} needs async: true: synchronous calls do not wait for others`,
    );
  }
  if (fields.isolate !== undefined) requireIsolation(label, fields.isolate, isBuiltIn);
  return native;
}

function requireIsolation(label: string, isolate: unknown, isBuiltIn: boolean): void {
  const what = `native.isolate of ${label}`;
  if (isBuiltIn) {
    throw new ArgumentError(`${what} must be absent: libraries of this package are not isolated`);
  }
  if (typeof isolate === "boolean" || isIsolate(isolate)) return;
  if (typeof isolate !== "object" || isolate === null) {
    const got = describeValue(isolate);
    throw new ArgumentError(`${what} must be true, false, options or an Isolate, got ${got}`);
  }
  resolveIsolateOptions(isolate, what);
}

function requireFlag(
  value: unknown,
  name: "async" | "serialize",
  isBuiltIn: boolean,
  label: string,
): void {
  if (value === undefined || (value === true && !isBuiltIn)) return;
  const allowed = isBuiltIn ? "absent: it is for C functions of libraries" : "true or absent";
  throw new ArgumentError(
    `native.${name} of ${label} must be ${allowed}, got ${describeValue(value)}`,
  );
}

function makeSchemas(
  label: string,
  options: MethodOptions,
): { parameters: readonly ParameterDefinition[]; result: JsonSchema } {
  const { native } = options;
  const declared =
    native !== undefined && "declaration" in native ? prototypeOf(native) : undefined;
  const parameters =
    options.parameters === undefined ? declared?.parameters : makeParameters(label, options);
  const given = options.result ?? declared?.result;
  const result = given && toSchema(given);
  if (parameters === undefined || result === undefined) {
    const missing = parameters === undefined ? "parameters" : "result";
    throw new ArgumentError(`${label} needs ${missing}, or a C declaration to take them from`);
  }
  if (typeof result !== "object" || isOptional(result)) {
    throw new ArgumentError(`result of ${label} must be made with t or be a Standard Schema`);
  }
  codecOf(result);
  if (declared !== undefined) {
    requireSameCount(label, parameters.length, declared.parameters.length);
    declared.parameters.forEach((parameter, index) => {
      const own = parameters[index];
      if (own === undefined) return;
      requireAgreement(`${argumentLabel(index, own.name)} of ${label}`, own, parameter);
    });
    requireAgreement(`result of ${label}`, { schema: result }, { schema: declared.result });
  }
  return { parameters, result };
}

function makeParameters(label: string, options: MethodOptions): ParameterDefinition[] {
  const { parameters = [] } = options;
  if (!Array.isArray(parameters)) {
    throw new ArgumentError(`parameters of ${label} must be an array made with t.param`);
  }
  const seen = new Set<string>();
  let hasOptional = false;
  const made = parameters.map((parameter: Parameter, index) => {
    const where = `parameter ${index + 1} of ${label}`;
    requireKnownOptions(parameter, ["name", "schema"], where);
    const { name } = parameter;
    requireName(name, `name of ${where}`);
    if (seen.has(name)) throw new ArgumentError(`${where} is a second "${name}"`);
    seen.add(name);
    const isDeclared = isOptional(parameter.schema);
    const schema = toSchema(withoutOptional(parameter.schema));
    if (typeof schema !== "object" || schema === null) {
      throw new ArgumentError(`schema of ${where} must be made with t or be a Standard Schema`);
    }
    const { leftOut } = codecOf(schema);
    const optional = isDeclared || leftOut !== undefined;
    if (hasOptional && !optional) {
      throw new ArgumentError(`${where} ("${name}") must be optional: one before it is`);
    }
    hasOptional ||= isDeclared;
    return { name, schema, optional };
  });
  // What takes undefined before what has to be there cannot be left out.
  const lastRequired = made.findLastIndex(({ optional }) => !optional);
  return made.map((each, index) => ({ ...each, optional: each.optional && index > lastRequired }));
}

function requireSameCount(label: string, own: number, declared: number): void {
  if (own === declared) return;
  throw new ArgumentError(`${label} has ${own} parameters and its C declaration ${declared}`);
}

/** A schema must speak of the same kind of value as the C type; it may allow less of it. */
function requireAgreement(
  where: string,
  own: { readonly schema: JsonSchema },
  declared: { readonly schema: JsonSchema },
): void {
  const taken = valueKinds(declared.schema);
  const given = [...valueKinds(own.schema)];
  const agrees = given.some(
    (kind) => kind === "unknown" || taken.has(kind) || (isNumeric(kind) && hasNumber(taken)),
  );
  if (agrees) return;
  throw new ArgumentError(
    `${where} is ${given.join(" or ")} in its schema and ${[...taken].join(" or ")} ` +
      "in its C declaration",
  );
}

function isNumeric(kind: string): boolean {
  return kind === "number" || kind === "integer";
}

function hasNumber(kinds: ReadonlySet<string>): boolean {
  return kinds.has("number") || kinds.has("integer");
}

/** An address means nothing in another process, so it must not be able to get there. */
function requireTravel(
  label: string,
  api: ApiMode,
  parameters: readonly ParameterDefinition[],
  result: JsonSchema,
): void {
  if (api === "ffi") return;
  const index = parameters.findIndex(({ schema }) => isPointer(schema));
  if (index < 0 && !isPointer(result)) return;
  const what = index < 0 ? "its result" : argumentLabel(index, parameters[index]?.name);
  throw new ArgumentError(
    `api of ${label} must be "ffi", got "${api}": ${what} is an address, ` +
      "which means nothing in another process",
  );
}
