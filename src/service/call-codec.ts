import {
  ArgumentError,
  arityMessage,
  describeValue,
  ServiceError,
  untraced,
} from "../errors/index.js";
import type { MethodDefinition, ParameterDefinition } from "./definition.js";
import { toPositions } from "./names.js";
import { type Codec, codecOf, type WireForm } from "./schema/codec.js";
import type { JsonSchema } from "./schema/json-schema.js";
import { argumentProblem, itemProblem, Mismatch } from "./schema/mismatch.js";
import { childrenOf } from "./schema/references.js";

const codecs = new WeakMap<MethodDefinition, CallCodec>();

/** The codec of a method's calls, made once. */
export function callCodecOf(method: MethodDefinition): CallCodec {
  let codec = codecs.get(method);
  if (codec === undefined) {
    codec = new CallCodec(method);
    codecs.set(method, codec);
  }
  return codec;
}

/**
 * How the calls of one method are checked and travel. What does not fit throws an ArgumentError in
 * the words of the call engine, so that it reads the same near and far.
 */
export class CallCodec {
  /** Bytes are among the arguments or in the result, which JSON holds as base64 only. */
  readonly carriesBytes: boolean;
  private readonly parameters: readonly CodedParameter[];
  private readonly result: Codec;
  private readonly items: Codec | undefined;
  private readonly required: number;
  /** How many parameters there are up to the last one that stands for something when left out. */
  private readonly spanOfLeftOut: number;
  private readonly spanOfDefaults: number;

  constructor(private readonly method: MethodDefinition) {
    this.parameters = method.parameters.map((parameter) => ({
      ...parameter,
      codec: codecOf(parameter.schema),
    }));
    this.result = codecOf(method.result);
    this.carriesBytes = [method.result, ...method.parameters.map(({ schema }) => schema)].some(
      (schema) => holdsBytes(schema),
    );
    this.items = method.items && codecOf(method.items.schema);
    this.spanOfLeftOut = this.parameters.findLastIndex(hasLeftOut) + 1;
    this.spanOfDefaults = this.parameters.findLastIndex(hasDefault) + 1;
    this.required = method.parameters.filter(({ optional }) => !optional).length;
  }

  /** Throws unless the arguments fit; gives them as a handler gets them. */
  checkArguments(args: readonly unknown[]): unknown[] {
    return this.convert(withLeftOut(args, this.spanOfLeftOut), passArgument);
  }

  /** An argument list as it travels. A left-out argument before others does so as null. */
  encodeArguments(args: readonly unknown[], form: WireForm = "json"): unknown[] {
    return this.convert(args, (parameter, value) => encodeArgument(parameter, value, form));
  }

  /** The argument list of what arrived: an array by position, or an object by name. */
  decodeArguments(body: unknown, form: WireForm = "json"): unknown[] {
    const values = Array.isArray(body) ? body : this.listOfNamed(body);
    return this.convert(
      withLeftOut(values, this.spanOfDefaults),
      (parameter, value) => decodeArgument(parameter, value, form),
      refuseArrived,
    );
  }

  /** A result as it travels. Throws INTERNAL: a bad result is not the caller's mistake. */
  encodeResult(value: unknown, form: WireForm = "json"): unknown {
    return resultOf(() => {
      this.result.check(value);
      return this.result.isPlain ? value : this.result.toWire(value, form);
    });
  }

  /** The result in a server's answer. Throws INTERNAL where it does not fit the definition. */
  decodeResult(wire: unknown, form: WireForm = "json"): unknown {
    return resultOf(() => this.result.fromWire(wire, form));
  }

  /** Throws INTERNAL unless a result fits; gives it as a caller gets it. */
  checkResult(value: unknown): unknown {
    return resultOf(() => pass(this.result, value));
  }

  /** The JSON form of an item that a caller sends; `number` counts them from 1. */
  encodeItem(value: unknown, number: number): unknown {
    return this.itemOf(number, (codec) => {
      codec.check(value);
      return codec.isPlain ? value : codec.toWire(value, "json");
    });
  }

  decodeItem(json: unknown, number: number): unknown {
    return this.itemOf(number, (codec) => codec.fromWire(json, "json"));
  }

  checkItem(value: unknown, number: number): unknown {
    return this.itemOf(number, (codec) => pass(codec, value));
  }

  /**
   * The arguments for a handler in the caller's own process: checked, with defaults, and otherwise
   * the caller's own values.
   */
  takeArguments(args: readonly unknown[]): unknown[] {
    this.checkCount(args.length);
    return this.convert(withLeftOut(args, this.spanOfDefaults), takeArgument);
  }

  private itemOf(number: number, conversion: (codec: Codec) => unknown): unknown {
    const { items, method } = this;
    if (items === undefined) throw new ArgumentError(`${method.name} takes no stream of items`);
    try {
      return conversion(items);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      throw new ArgumentError(itemProblem(number, method.items?.name ?? "", error));
    }
  }

  private checkCount(count: number, refuse = refuseOwn): void {
    const { required } = this;
    const most = this.parameters.length;
    if (count >= required && count <= most) return;
    throw refuse(arityMessage(required === most ? String(most) : `${required} to ${most}`, count));
  }

  private listOfNamed(body: unknown): unknown[] {
    if (typeof body === "object" && body !== null) {
      const named = body as Readonly<Record<string, unknown>>;
      return toPositions(this.method.parameters, named, refuseArrived);
    }
    throw refuseArrived(
      "body must be a JSON array (arguments by position) or object (by name), " +
        `got ${describeValue(body)}`,
    );
  }

  private convert(
    values: readonly unknown[],
    conversion: (parameter: CodedParameter, value: unknown) => unknown,
    refuse = refuseOwn,
  ): unknown[] {
    this.checkCount(values.length, refuse);
    const converted: unknown[] = [];
    for (const parameter of this.parameters) {
      const index = converted.length;
      if (index === values.length) break;
      try {
        converted.push(conversion(parameter, values[index]));
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        const isSecret = this.method.confidential === true;
        throw refuse(argumentProblem(index, parameter.name, error, isSecret));
      }
    }
    return converted;
  }
}

/** Left-out arguments that stand for something are there, to be converted. */
function withLeftOut(values: readonly unknown[], span: number): readonly unknown[] {
  const missing = span - values.length;
  return missing > 0 ? [...values, ...new Array<undefined>(missing)] : values;
}

/** Of arguments that code of this process has passed, which wants to know where. */
function refuseOwn(problem: string): ArgumentError {
  return new ArgumentError(problem);
}

/** Of arguments that came from elsewhere. */
function refuseArrived(problem: string): ArgumentError {
  return untraced(() => new ArgumentError(problem));
}

function holdsBytes(schema: JsonSchema): boolean {
  const kind = schema["x-kind"];
  return kind === "bytes" || kind === "data" || childrenOf(schema).some(holdsBytes);
}

interface CodedParameter extends ParameterDefinition {
  readonly codec: Codec;
}

function hasLeftOut({ codec }: CodedParameter): boolean {
  return codec.leftOut !== undefined;
}

function hasDefault({ codec, schema }: CodedParameter): boolean {
  return codec.leftOut !== undefined || schema.default !== undefined;
}

function passArgument({ codec, optional }: CodedParameter, value: unknown): unknown {
  if (optional && value === undefined) return codec.leftOut?.();
  return pass(codec, value);
}

function pass(codec: Codec, value: unknown): unknown {
  if (codec.pass !== undefined) return codec.pass(value);
  codec.check(value);
  return value;
}

function encodeArgument(
  { codec, optional }: CodedParameter,
  value: unknown,
  form: WireForm,
): unknown {
  if (optional && value === undefined) return null;
  codec.check(value);
  return codec.isPlain ? value : codec.toWire(value, form);
}

function takeArgument(parameter: CodedParameter, value: unknown): unknown {
  const { codec, optional } = parameter;
  if (optional && value === undefined) return decodeArgument(parameter, undefined, "json");
  return pass(codec, value);
}

function decodeArgument(
  { codec, optional, schema }: CodedParameter,
  wire: unknown,
  form: WireForm,
): unknown {
  const isLeftOut = optional && (wire === null || wire === undefined);
  if (!isLeftOut) return codec.fromWire(wire, form);
  if (codec.leftOut !== undefined) return codec.leftOut();
  return schema.default === undefined ? undefined : codec.fromWire(schema.default, "json");
}

function resultOf<T>(conversion: () => T): T {
  try {
    return conversion();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new ServiceError("INTERNAL", error.describe("result"));
  }
}
