import { signatureBackend } from "./current-signatures.js";
import { type Bytes, type Data, toInput, toView } from "./data.js";
import {
  openSigner,
  openVerifier,
  type SigningKey,
  signatureFailure,
  type VerifyingKey,
} from "./sign.js";
import { keyReader, requireInputs, requireSignatures } from "./sign-many.js";
import { type Request, runInBatches, type StagedRequest, type Work } from "./sign-pipeline.js";
import { signalOf } from "./signal.js";
import type { Signer, Verifier } from "./signature-backend.js";
import type { SignOptions, VerifyOptions } from "./signature-options.js";

export interface AsyncOptions {
  /** Ends the wait; what has begun goes on, and its result is dropped. */
  readonly signal?: AbortSignal;
}

/**
 * As `sign`, on another thread.
 *
 * `data` is copied at once up to 1 MiB, and in pieces of that size, with turns of the event loop
 * between them, beyond it: it must not change until then. A buffer that is detached or shrinks
 * meanwhile is refused.
 */
export async function signAsync(
  key: SigningKey,
  data: Data,
  options?: SignOptions & AsyncOptions,
): Promise<Buffer> {
  const { signal, rest } = splitOptions(options, 2);
  const way = openSigner(key, rest);
  const [signature] = await signAll(
    1,
    () => ({ way, data: toInput(data, 1, "data") }),
    ONE,
    signal,
  );
  return signature as Buffer;
}

/** As `verify`, on another thread. Data is copied as `signAsync` does. */
export async function verifyAsync(
  key: VerifyingKey,
  data: Data,
  signature: Bytes,
  options?: VerifyOptions & AsyncOptions,
): Promise<boolean> {
  const { signal, rest } = splitOptions(options, 3);
  const request = {
    way: openVerifier(key, rest),
    data: toInput(data, 1, "data"),
    signature: toView(signature, 2, "signature"),
  };
  const [answer] = await verifyAll(1, () => request, ONE, signal);
  return answer as boolean;
}

/** As `signMany`, on other threads, batch after batch. Data is copied as `signAsync` does. */
export async function signManyAsync(
  key: SigningKey | readonly SigningKey[],
  inputs: readonly Data[],
  options?: SignOptions & AsyncOptions,
): Promise<Buffer[]> {
  const { signal, rest } = splitOptions(options, 2);
  requireInputs(inputs);
  const all = [...inputs];
  const wayAt = keyReader(key, all.length, (one: SigningKey) => openSigner(one, rest));
  const read = (index: number) => ({
    way: wayAt(index),
    data: toInput(all[index], 1, "inputs", index),
  });
  return signAll(all.length, read, MANY, signal);
}

/** As `verifyMany`, on other threads, batch after batch. Data is copied as `signAsync` does. */
export async function verifyManyAsync(
  key: VerifyingKey | readonly VerifyingKey[],
  inputs: readonly Data[],
  signatures: readonly Bytes[],
  options?: VerifyOptions & AsyncOptions,
): Promise<boolean[]> {
  const { signal, rest } = splitOptions(options, 3);
  requireInputs(inputs);
  requireSignatures(signatures, inputs.length);
  const [all, views] = [[...inputs], [...signatures]];
  const wayAt = keyReader(key, all.length, (one: VerifyingKey) => openVerifier(one, rest));
  const read = (index: number) => ({
    way: wayAt(index),
    data: toInput(all[index], 1, "inputs", index),
    signature: toView(views[index], 2, `signatures[${index}]`),
  });
  return verifyAll(all.length, read, MANY, signal);
}

type Names = Work<unknown, unknown>["namesAt"];

const ONE: Names = () => ({ data: "data", signature: "signature" });
const MANY: Names = (index) => ({ data: `inputs[${index}]`, signature: `signatures[${index}]` });

function signAll(
  count: number,
  read: (index: number) => Request<Signer>,
  namesAt: Names,
  signal: AbortSignal | undefined,
): Promise<Buffer[]> {
  const run = (batch: readonly StagedRequest<Signer>[]) =>
    signatureBackend.signManyAsync(batch.map(({ way, data }) => ({ signer: way, data })));
  return settled("sign", runInBatches({ count, read, run, namesAt, signal }), signal);
}

function verifyAll(
  count: number,
  read: (index: number) => Request<Verifier>,
  namesAt: Names,
  signal: AbortSignal | undefined,
): Promise<boolean[]> {
  const run = (batch: readonly StagedRequest<Verifier>[]) =>
    signatureBackend.verifyManyAsync(
      batch.map(({ way, data, signature }) => ({ verifier: way, data, signature })),
    );
  return settled("verify", runInBatches({ count, read, run, namesAt, signal }), signal);
}

/** The result, or libcrypto's failure in our words; the signal's reason as soon as it aborts. */
function settled<T>(
  action: "sign" | "verify",
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    work
      .then(resolve, (error: unknown) => {
        reject(signal?.aborted ? signal.reason : signatureFailure(action, error));
      })
      .finally(() => signal?.removeEventListener("abort", abort));
  });
}

/** `index` is that of the options among the arguments. */
function splitOptions<Options extends AsyncOptions>(
  options: Options | undefined,
  index: number,
): { signal: AbortSignal | undefined; rest: Omit<Options, "signal"> | undefined } {
  const signal = signalOf(options, index);
  if (typeof options !== "object" || options === null) return { signal, rest: options };
  const { signal: _, ...rest } = options;
  return { signal, rest };
}
