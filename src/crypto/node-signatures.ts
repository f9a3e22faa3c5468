import type { KeyObject, SignKeyObjectInput, VerifyKeyObjectInput } from "node:crypto";
import { type Input, refuseDetached, type View } from "./data.js";
import { derS, hasLowS, orderOfCurve, toDerSignature, withLowS } from "./ecdsa-encoding.js";
import { nodeCrypto } from "./node-crypto.js";
import type {
  SignatureBackend,
  SignatureParameters,
  Signer,
  Verifier,
} from "./signature-backend.js";

/**
 * The backend that is always there: `node:crypto`, and libuv's threads for what is asynchronous.
 */
export function createNodeSignatures(): SignatureBackend {
  return {
    openPrivateKey: (key) => ({ signer: (parameters) => new NodeSigner(key, parameters) }),
    openPublicKey: (key) => ({ verifier: (parameters) => new NodeVerifier(key, parameters) }),
    signMany: (items) => items.map(({ signer, data }) => signer.sign(data)),
    verifyMany: (items) =>
      items.map(({ verifier, data, signature }) => verifier.verify(data, signature)),
    signManyAsync: (items) =>
      Promise.all(items.map(({ signer, data }) => (signer as NodeSigner).signAsync(data))),
    verifyManyAsync: (items) =>
      Promise.all(
        items.map(({ verifier, data, signature }) =>
          (verifier as NodeVerifier).verifyAsync(data, signature),
        ),
      ),
  };
}

class NodeSigner implements Signer {
  readonly #key: SignKeyObjectInput;
  readonly #parameters: SignatureParameters;
  readonly #order: bigint | undefined;

  constructor(key: KeyObject, parameters: SignatureParameters) {
    this.#parameters = parameters;
    this.#order = parameters.lowS ? orderOfCurve(key.asymmetricKeyDetails?.namedCurve) : undefined;
    // node:crypto makes the form whose s can be changed; the other one is made of it.
    const dsaEncoding = this.#order === undefined ? parameters.dsaEncoding : "ieee-p1363";
    this.#key = { ...toNodeKey(key, parameters), dsaEncoding };
  }

  sign(data: Input): Buffer {
    refuseDetached(data);
    return this.#finish(nodeCrypto().sign(this.#parameters.hash, toBytes(data), this.#key));
  }

  signAsync(data: View): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      nodeCrypto().sign(this.#parameters.hash, data, this.#key, (error, signature) => {
        if (error) reject(error);
        else resolve(this.#finish(signature));
      });
    });
  }

  #finish(signature: Buffer): Buffer {
    if (this.#order === undefined) return signature;
    const low = withLowS(signature, this.#order);
    return this.#parameters.dsaEncoding === "der" ? toDerSignature(low) : low;
  }
}

class NodeVerifier implements Verifier {
  readonly #key: VerifyKeyObjectInput;
  readonly #parameters: SignatureParameters;
  readonly #order: bigint | undefined;

  constructor(key: KeyObject, parameters: SignatureParameters) {
    this.#parameters = parameters;
    this.#order = parameters.lowS ? orderOfCurve(key.asymmetricKeyDetails?.namedCurve) : undefined;
    this.#key = toNodeKey(key, parameters);
  }

  verify(data: Input, signature: View): boolean {
    refuseDetached(data);
    refuseDetached(signature);
    if (!this.#isLow(signature)) return false;
    return nodeCrypto().verify(this.#parameters.hash, toBytes(data), this.#key, signature);
  }

  async verifyAsync(data: View, signature: View): Promise<boolean> {
    if (!this.#isLow(signature)) return false;
    return new Promise((resolve, reject) => {
      nodeCrypto().verify(this.#parameters.hash, data, this.#key, signature, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  #isLow(signature: View): boolean {
    if (this.#order === undefined) return true;
    const bytes = new Uint8Array(signature.buffer, signature.byteOffset, signature.byteLength);
    if (this.#parameters.dsaEncoding === "ieee-p1363") return hasLowS(bytes, this.#order);
    const s = derS(bytes);
    return s !== undefined && 2n * s <= this.#order;
  }
}

function toNodeKey(key: KeyObject, parameters: SignatureParameters): SignKeyObjectInput {
  const { padding, saltLength, dsaEncoding } = parameters;
  if (padding === undefined) return { key, dsaEncoding };
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = nodeCrypto().constants;
  return padding === "pss"
    ? { key, padding: RSA_PKCS1_PSS_PADDING, saltLength }
    : { key, padding: RSA_PKCS1_PADDING };
}

function toBytes(data: Input): View {
  return typeof data === "string" ? Buffer.from(data, "utf8") : data;
}
