import { backend } from "../../crypto/index.js";
import { ArgumentError, argumentLabel } from "../../errors/index.js";
import { loadNative } from "../../internal/loader.js";
import type { BuiltInLibrary } from "../built-in-libraries.js";
import { CallCodec } from "../call-codec.js";
import type { MethodDefinition } from "../definition.js";
import { isBytes } from "../schema/special-codecs.js";
import { CRYPTO_FUNCTIONS, type CryptoSymbol } from "./crypto-functions.js";

const SYMBOLS = Object.keys(CRYPTO_FUNCTIONS) as readonly CryptoSymbol[];

/** `nearfar:crypto`: there where nearfar/crypto runs on the native binary. */
export const CRYPTO_LIBRARY: BuiltInLibrary = {
  absence: () => (backend === "native" ? undefined : absence()),
  functions: Object.fromEntries(
    SYMBOLS.map((symbol) => [
      symbol,
      (method: MethodDefinition) => checkedFunction(symbol, method),
    ]),
  ),
};

function absence(): string {
  const { binding, summary } = loadNative();
  return binding === undefined ? summary : "the native binary found no libcrypto in this process";
}

/**
 * A function with the checks and the words of the method's schemas. What is only text and bytes is
 * tested cheaply on the way in and goes through the schemas if it is refused, to be worded.
 */
export function checkedFunction(
  symbol: CryptoSymbol,
  method: MethodDefinition,
): (...args: unknown[]) => unknown {
  const codec = new CallCodec(method);
  const { labels } = CRYPTO_FUNCTIONS[symbol];
  const call = CRYPTO_FUNCTIONS[symbol].call as (...args: unknown[]) => unknown;
  const most = method.parameters.length;
  const required = method.parameters.filter(({ optional }) => !optional).length;
  return (...args) => {
    const isPlausible = args.length >= required && args.length <= most && args.every(isData);
    if (!isPlausible) codec.checkArguments(args);
    try {
      return call(args[0], args[1], args[2], args[3]);
    } catch (error) {
      codec.checkArguments(args);
      throw reworded(error, labels, method);
    }
  };
}

function isData(value: unknown): boolean {
  return typeof value === "string" || isBytes(value);
}

/** The same refusal, naming the argument as the service's caller knows it. */
function reworded(
  error: unknown,
  labels: Readonly<Record<string, string>>,
  { parameters }: MethodDefinition,
): unknown {
  if (!(error instanceof ArgumentError)) return error;
  for (const [label, name] of Object.entries(labels)) {
    if (!error.message.startsWith(label)) continue;
    const index = parameters.findIndex((parameter) => parameter.name === name);
    // A label that is open at its end is followed by the position in a list.
    const own = label.endsWith(")")
      ? argumentLabel(index, name)
      : argumentLabel(index, name).slice(0, -1);
    return new ArgumentError(own + error.message.slice(label.length), error.code);
  }
  return error;
}
