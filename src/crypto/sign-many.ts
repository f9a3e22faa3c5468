import { ArgumentError, argumentLabel, argumentMessage } from "../errors/index.js";
import { signatureBackend } from "./current-signatures.js";
import {
  type Bytes,
  type Data,
  detachedError,
  type Input,
  isDetached,
  toInput,
  toView,
  type View,
} from "./data.js";
import {
  openSigner,
  openVerifier,
  type SigningKey,
  signatureFailure,
  type VerifyingKey,
} from "./sign.js";
import type { SignOptions, VerifyOptions } from "./signature-options.js";

/**
 * The signatures of many data, in their order: one crossing, spread over as many threads as there
 * are processors. `NEARFAR_THREADS` bounds them.
 *
 * @param key one key for all, or an array with a key for each
 * @throws as `sign`; a refused input is named by its position
 */
export function signMany(
  key: SigningKey | readonly SigningKey[],
  inputs: readonly Data[],
  options?: SignOptions,
): Buffer[] {
  const data = checkedInputs(inputs);
  const signerAt = keyReader(key, data.length, (one: SigningKey) => openSigner(one, options));
  const items = data.map((input, index) => ({ signer: signerAt(index), data: toBytes(input) }));
  try {
    return signatureBackend.signMany(items);
  } catch (error) {
    throw signatureFailure("sign", error);
  }
}

/**
 * Whether each signature is one of the data in the same place; see `signMany` and `verify`.
 *
 * @param key one key for all, or an array with a key for each
 * @throws as `verify`; a refused input or signature is named by its position
 */
export function verifyMany(
  key: VerifyingKey | readonly VerifyingKey[],
  inputs: readonly Data[],
  signatures: readonly Bytes[],
  options?: VerifyOptions,
): boolean[] {
  const data = checkedInputs(inputs);
  const views = checkedSignatures(signatures, data.length);
  const verifierAt = keyReader(key, data.length, (one: VerifyingKey) => openVerifier(one, options));
  const items = data.map((input, index) => ({
    verifier: verifierAt(index),
    data: toBytes(input),
    signature: views[index] as View,
  }));
  try {
    return signatureBackend.verifyMany(items);
  } catch (error) {
    throw signatureFailure("verify", error);
  }
}

/** Each input, checked. */
function checkedInputs(inputs: unknown): Input[] {
  requireInputs(inputs);
  // Not `map`, which would leave out the holes of an array.
  return Array.from(inputs, (data, position) => {
    const input = toInput(data, 1, "inputs", position);
    if (isDetached(input)) throw detachedError(1, `inputs[${position}]`);
    return input;
  });
}

/** Each signature, checked. */
function checkedSignatures(signatures: unknown, count: number): View[] {
  requireSignatures(signatures, count);
  return Array.from(signatures, (signature, position) => {
    const name = `signatures[${position}]`;
    const view = toView(signature, 2, name);
    if (isDetached(view)) throw detachedError(2, name);
    return view;
  });
}

export function requireInputs(inputs: unknown): asserts inputs is readonly unknown[] {
  if (Array.isArray(inputs)) return;
  throw new ArgumentError(
    argumentMessage(1, "inputs", "an array of strings or bytes", inputs),
    "ERR_INVALID_ARG_TYPE",
  );
}

export function requireSignatures(
  signatures: unknown,
  count: number,
): asserts signatures is readonly unknown[] {
  if (!Array.isArray(signatures)) {
    throw new ArgumentError(
      argumentMessage(2, "signatures", "an array of bytes", signatures),
      "ERR_INVALID_ARG_TYPE",
    );
  }
  requireLength(signatures, count, 2, "signatures");
}

/**
 * What `open` makes of the key for each index. One key is opened at once, those of an array when
 * they are asked for; each is opened once.
 */
export function keyReader<Key, Opened>(
  key: Key | readonly Key[],
  count: number,
  open: (key: Key) => Opened,
): (index: number) => Opened {
  if (!Array.isArray(key)) {
    const only = open(key as Key);
    return () => only;
  }
  requireLength(key, count, 0, "key");
  const keys: readonly Key[] = [...key];
  const opened = new Map<Key, Opened>();
  return (index) => {
    const one = keys[index] as Key;
    const known = opened.get(one) ?? open(one);
    opened.set(one, known);
    return known;
  };
}

function toBytes(input: Input): View {
  return typeof input === "string" ? Buffer.from(input, "utf8") : input;
}

function requireLength(
  array: readonly unknown[],
  count: number,
  index: number,
  name: string,
): void {
  if (array.length === count) return;
  throw new ArgumentError(
    `${argumentLabel(index, name)} must be an array of ${count}, as many as there are inputs, ` +
      `got an array of ${array.length}`,
  );
}
