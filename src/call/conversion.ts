import type { CallCodec } from "../service/call-codec.js";
import type { WireForm } from "../service/schema/codec.js";

/** How the values of a call reach its handler, and how its results leave it. */
export interface Conversion {
  arguments(codec: CallCodec, args: unknown, form: WireForm): unknown[];
  item(codec: CallCodec, item: unknown, number: number): unknown;
  result(codec: CallCodec, result: unknown, form: WireForm): unknown;
}

/** Calls from elsewhere. */
export const WIRE_FORM: Conversion = {
  arguments: (codec, args, form) => codec.decodeArguments(args, form),
  item: (codec, item, number) => codec.decodeItem(item, number),
  result: (codec, result, form) => codec.encodeResult(result, form),
};

/** Calls within a process: the caller's own values, checked. */
export const OWN_VALUES: Conversion = {
  arguments: (codec, args) => codec.takeArguments(args as readonly unknown[]),
  item: (codec, item, number) => codec.checkItem(item, number),
  result: (codec, result) => codec.checkResult(result),
};
