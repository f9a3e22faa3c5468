import { type CurveAlgorithm, signatureTraits } from "./signature-algorithms.js";

/**
 * The orders of the curves' groups (SEC 2, version 2.0, sections 2.4.1 to 2.6.1). A private scalar
 * is from 1 to one less, and so are r and s of a signature.
 */
const ORDERS: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1:
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp521r1:
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};

/** The order of the group of an ECDSA algorithm; undefined for the others. */
export function groupOrder(algorithm: CurveAlgorithm): bigint | undefined {
  return orderOfCurve(signatureTraits(algorithm).curve);
}

export function orderOfCurve(curve: string | undefined): bigint | undefined {
  return curve === undefined ? undefined : ORDERS[curve];
}

function readNumber(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** The same signature, in IEEE P1363 form, with the smaller of the two values of s. */
export function withLowS(signature: Buffer, order: bigint): Buffer {
  const size = signature.length / 2;
  const s = readNumber(signature.subarray(size));
  if (2n * s <= order) return signature;
  const low = (order - s).toString(16).padStart(2 * size, "0");
  return Buffer.concat([signature.subarray(0, size), Buffer.from(low, "hex")]);
}

/** Whether s of a signature in IEEE P1363 form is the smaller one. */
export function hasLowS(signature: Uint8Array, order: bigint): boolean {
  return 2n * readNumber(signature.subarray(signature.length / 2)) <= order;
}

/** A signature in DER (RFC 3279, 2.2.3), of one in IEEE P1363 form. */
export function toDerSignature(signature: Buffer): Buffer {
  const size = signature.length / 2;
  const integers = [signature.subarray(0, size), signature.subarray(size)].map(derInteger);
  const length = integers.reduce((sum, { length }) => sum + length, 0);
  const header = length < 0x80 ? [0x30, length] : [0x30, 0x81, length];
  return Buffer.concat([Buffer.from(header), ...integers]);
}

function derInteger(digits: Buffer): Buffer {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === 0) start++;
  const isNegative = (digits[start] ?? 0) >= 0x80;
  const body = isNegative
    ? Buffer.concat([Buffer.of(0), digits.subarray(start)])
    : digits.subarray(start);
  return Buffer.concat([Buffer.of(0x02, body.length), body]);
}

/**
 * The s of a signature in DER, or undefined where the bytes are not the shape of one. Only its size
 * matters here: whether all of it is strict DER is for libcrypto to say, which refuses the rest.
 */
export function derS(signature: Uint8Array): bigint | undefined {
  const body = signature[1] === 0x81 ? 3 : 2;
  const s = body + 2 + (signature[body + 1] ?? 0);
  if (s + 2 > signature.length) return undefined;
  return readNumber(signature.subarray(s + 2, s + 2 + (signature[s + 1] ?? 0)));
}
