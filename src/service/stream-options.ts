import { ArgumentError } from "../errors/index.js";
import type { MethodOptions } from "./define-method.js";
import type { MethodDefinition, StreamKind } from "./definition.js";
import { codecOf } from "./schema/codec.js";
import { isOptional, isStream, type Parameter } from "./schema/json-schema.js";
import { toSchema } from "./schema/standard-schema.js";

/** The streams of a method, and its options as if it had none. */
export interface TakenStreams {
  readonly stream: StreamKind | undefined;
  readonly items: MethodDefinition["items"];
  readonly options: MethodOptions;
}

/** Finds `t.stream` in a method's result and last parameter; it has no place anywhere else. */
export function takeStreams(label: string, options: MethodOptions): TakenStreams {
  const { result } = options;
  const parameters: readonly Parameter[] = Array.isArray(options.parameters)
    ? options.parameters
    : [];
  const index = parameters.findIndex((parameter) => isStream(parameter?.schema));
  const sends = isStream(result);
  if (index < 0 && !sends) return { stream: undefined, items: undefined, options };
  if (options.native !== undefined) {
    throw new ArgumentError(`${label} has a stream, which no native function gives or takes`);
  }
  const taken = index < 0 ? undefined : takeItems(label, parameters, index);
  return {
    stream: taken === undefined ? "server" : sends ? "bidirectional" : "client",
    items: taken,
    options: {
      ...options,
      ...(taken !== undefined && { parameters: parameters.slice(0, index) }),
      ...(sends && { result: result.stream }),
    },
  };
}

function takeItems(
  label: string,
  parameters: readonly Parameter[],
  index: number,
): MethodDefinition["items"] {
  const where = `parameter ${index + 1} of ${label}`;
  if (index !== parameters.length - 1) {
    throw new ArgumentError(`${where} is a stream and must be the last parameter`);
  }
  // A caller who leaves one out would pass the stream in its place.
  if (parameters.some(({ schema }) => isOptional(schema))) {
    throw new ArgumentError(`${where} is a stream; no parameter before it may be optional`);
  }
  const { name, schema } = parameters[index] as Parameter;
  if (parameters.slice(0, index).some((other) => other.name === name)) {
    throw new ArgumentError(`${where} is a second "${name}"`);
  }
  const items = toSchema(isStream(schema) ? schema.stream : {});
  codecOf(items);
  return { name, schema: items };
}
