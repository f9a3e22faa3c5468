import { backend, hash, importPrivateKey, importPublicKey, sign, verify } from "../crypto/index.js";
import { ArgumentError, argumentLabel } from "../errors/index.js";
import { loadNative } from "../internal/loader.js";
import type { BuiltInLibrary } from "./built-in-libraries.js";
import { CallCodec } from "./call-codec.js";
import type { MethodDefinition } from "./definition.js";
import { isBytes, plainView } from "./schema/special-codecs.js";

/**
 * The functions of CryptoService. They work with either backend of nearfar/crypto: near with the
 * native one, and as the handlers of a server with whichever it has.
 */
export const CRYPTO_FUNCTIONS = {
  hash_data: (data: unknown, algorithm: unknown): string =>
    hash((algorithm === undefined ? "SHA256" : algorithm) as string, data as Data),
  sign_data: (data: unknown, key: unknown): Uint8Array =>
    plainView(
      sign(typeof key === "string" ? key : importPrivateKey(key as Uint8Array, RAW), data as Data),
    ),
  verify_signature: (data: unknown, signature: unknown, key: unknown): boolean =>
    verify(
      typeof key === "string" ? key : importPublicKey(key as Uint8Array, RAW),
      data as Data,
      signature as Uint8Array,
    ),
} as const satisfies Record<string, (...args: never[]) => unknown>;

export type CryptoSymbol = keyof typeof CRYPTO_FUNCTIONS;

type Data = string | Uint8Array;

/** Keys in bytes are the 32 of Ed25519 (RFC 8032, 5.1.5); all others come as PEM. */
const RAW = { format: "raw", algorithm: "ed25519" } as const;

/** What nearfar/crypto calls an argument by position, by the parameter names of the service. */
const POSITIONS = {
  hash_data: { "argument 1 (algorithm)": "algorithm", "argument 2 (data)": "data" },
  sign_data: { "argument 1 (key)": "private_key", "argument 2 (data)": "data" },
  verify_signature: {
    "argument 1 (key)": "public_key",
    "argument 2 (data)": "data",
    "argument 3 (signature)": "signature",
  },
} as const satisfies Record<CryptoSymbol, Record<string, string>>;

/** `nearfar:crypto`: there where nearfar/crypto runs on the native binary. */
export const CRYPTO_LIBRARY: BuiltInLibrary = {
  absence: () => (backend === "native" ? undefined : absence()),
  functions: {
    hash_data: (method) => checkedFunction("hash_data", method),
    sign_data: (method) => checkedFunction("sign_data", method),
    verify_signature: (method) => checkedFunction("verify_signature", method),
  },
};

function absence(): string {
  const { binding, summary } = loadNative();
  return binding === undefined ? summary : "the native binary found no libcrypto in this process";
}

/**
 * A function with the checks and the words of the method's schemas. What is passed is tested
 * cheaply on the way in; only a refusal goes through the schemas, to be worded.
 */
export function checkedFunction(
  symbol: CryptoSymbol,
  method: MethodDefinition,
): (...args: unknown[]) => unknown {
  const codec = new CallCodec(method);
  const call: (...args: unknown[]) => unknown = CRYPTO_FUNCTIONS[symbol];
  const most = method.parameters.length;
  const required = method.parameters.filter(({ optional }) => !optional).length;
  return (...args) => {
    const isPlausible = args.length >= required && args.length <= most && args.every(isData);
    if (!isPlausible) codec.checkArguments(args);
    try {
      return call(args[0], args[1], args[2]);
    } catch (error) {
      codec.checkArguments(args);
      throw reworded(error, POSITIONS[symbol], method);
    }
  };
}

function isData(value: unknown): boolean {
  return typeof value === "string" || isBytes(value);
}

/** The same refusal, naming the argument as the service's caller knows it. */
function reworded(
  error: unknown,
  positions: Readonly<Record<string, string>>,
  { parameters }: MethodDefinition,
): unknown {
  if (!(error instanceof ArgumentError)) return error;
  for (const [label, name] of Object.entries(positions)) {
    if (!error.message.startsWith(label)) continue;
    const index = parameters.findIndex((parameter) => parameter.name === name);
    const message = argumentLabel(index, name) + error.message.slice(label.length);
    return new ArgumentError(message, error.code);
  }
  return error;
}
