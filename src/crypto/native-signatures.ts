import type { KeyObject } from "node:crypto";
import type { NativeBatch, NativeOperation, SignatureBinding } from "../internal/crypto-binding.js";
import { type Input, refuseDetached, type View } from "./data.js";
import type {
  SignatureBackend,
  SignatureParameters,
  Signer,
  SignItem,
  Verifier,
  VerifyItem,
} from "./signature-backend.js";
import { toBuffer } from "./to-buffer.js";

/** Numbers of native/crypto/key_operation.h. */
const PADDINGS = { none: 0, pkcs1: 1, pss: 2 } as const;
const ENCODINGS = { der: 0, "ieee-p1363": 1 } as const;

/** What signatures of a batch share: about as much as small Buffers of Node's pool do. */
const SHARED_BYTES = 4096;

/**
 * The backend over the process's libcrypto; `prepareThreads` comes before those of the pool work.
 */
export function createNativeSignatures(
  binding: SignatureBinding,
  prepareThreads: () => void,
): SignatureBackend {
  const prepare = (key: ReturnType<typeof binding.readPublicKey>, way: SignatureParameters) =>
    binding.prepareOperation(
      key,
      way.hash,
      PADDINGS[way.padding ?? "none"],
      way.saltLength,
      ENCODINGS[way.dsaEncoding],
      way.lowS,
    );

  const run = (request: NativeBatch, stride: number, background: boolean) => {
    prepareThreads();
    return binding.runBatch(request, stride, background);
  };

  return {
    openPrivateKey(keyObject: KeyObject) {
      const der = keyObject.export({ format: "der", type: "pkcs8" });
      try {
        const key = binding.readPrivateKey(der);
        return { signer: (way) => new NativeSigner(binding, prepare(key, way)) };
      } finally {
        der.fill(0);
      }
    },

    openPublicKey(keyObject: KeyObject) {
      const key = binding.readPublicKey(keyObject.export({ format: "der", type: "spki" }));
      return { verifier: (way) => new NativeVerifier(binding, prepare(key, way)) };
    },

    signMany(items) {
      const batch = signingBatch(items);
      run(batch.request, batch.stride, false);
      return batch.results();
    },

    async signManyAsync(items) {
      const batch = signingBatch(items);
      await run(batch.request, batch.stride, true);
      return batch.results();
    },

    verifyMany(items) {
      const batch = verifyingBatch(items);
      run(batch.request, 0, false);
      return batch.results();
    },

    async verifyManyAsync(items) {
      const batch = verifyingBatch(items);
      await run(batch.request, 0, true);
      return batch.results();
    },
  };
}

class NativeSigner implements Signer {
  readonly operation: NativeOperation;
  readonly #binding: SignatureBinding;

  constructor(binding: SignatureBinding, operation: NativeOperation) {
    this.operation = operation;
    this.#binding = binding;
  }

  sign(data: Input): Buffer {
    refuseDetached(data);
    const signature = Buffer.allocUnsafe(this.operation.signatureBytes);
    const length = this.#binding.sign(this.operation, data, signature);
    return length === signature.length ? signature : signature.subarray(0, length);
  }
}

class NativeVerifier implements Verifier {
  readonly operation: NativeOperation;
  readonly #binding: SignatureBinding;

  constructor(binding: SignatureBinding, operation: NativeOperation) {
    this.operation = operation;
    this.#binding = binding;
  }

  verify(data: Input, signature: View): boolean {
    refuseDetached(data);
    refuseDetached(signature);
    return this.#binding.verify(this.operation, data, signature);
  }
}

function signingBatch(items: readonly SignItem[]) {
  const operations = items.map(({ signer }) => (signer as NativeSigner).operation);
  const stride = operations.reduce((most, { signatureBytes }) => Math.max(most, signatureBytes), 1);
  const out = new Uint8Array(items.length * stride);
  const lengths = new Uint32Array(items.length);
  const inputs = items.map(({ data }) => data);
  return {
    request: [operations, inputs, undefined, out, lengths] as const,
    stride,
    results: () => signaturesOf(out, lengths, stride),
  };
}

/** Buffers of their own memory; so many share some that one that is kept keeps few others. */
function signaturesOf(out: Uint8Array, lengths: Uint32Array, stride: number): Buffer[] {
  const group = Math.max(1, Math.floor(SHARED_BYTES / stride));
  const signatures: Buffer[] = [];
  for (let first = 0; first < lengths.length; first += group) {
    const copy = Buffer.from(out.subarray(first * stride, (first + group) * stride));
    for (const [index, length] of lengths.subarray(first, first + group).entries()) {
      signatures.push(toBuffer(copy.buffer, copy.byteOffset + index * stride, length));
    }
  }
  return signatures;
}

function verifyingBatch(items: readonly VerifyItem[]) {
  const operations = items.map(({ verifier }) => (verifier as NativeVerifier).operation);
  const inputs = items.map(({ data }) => data);
  const signatures = items.map(({ signature }) => signature);
  const answers = new Uint8Array(items.length);
  return {
    request: [operations, inputs, signatures, answers, new Uint32Array(0)] as const,
    results: () => Array.from(answers, (answer) => answer === 1),
  };
}
