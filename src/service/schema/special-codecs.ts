import { EXPECTATIONS } from "../../errors/index.js";
import { isDetachedView } from "../../internal/detached.js";
import { ANY } from "./any-codec.js";
import type { Codec } from "./codec.js";
import { FORMATS } from "./formats.js";
import type { JsonSchema, SpecialKind } from "./json-schema.js";
import { leafCodec } from "./leaf-codec.js";
import { Mismatch } from "./mismatch.js";
import { stringCodec } from "./string-codec.js";

type Bytes = Uint8Array | ArrayBuffer | DataView;

/** Values whose JSON form is not the value itself, or not all of it. */
export const SPECIAL_CODECS = {
  void: () => VOID,
  int64: () => wideCodec("int64", -(2n ** 63n), 2n ** 63n - 1n),
  uint64: () => wideCodec("uint64", 0n, 2n ** 64n - 1n),
  float64: () => FLOAT64,
  cString: (schema) => cStringCodec(schema),
  bytes: () => BYTES,
  data: () => DATA,
  datetime: () => DATETIME,
  pointer: () => POINTER,
  standard: () => ANY,
} as const satisfies Record<SpecialKind, (schema: JsonSchema) => Codec>;

/** The years that RFC 3339 can write. */
const EARLIEST_MS = Date.parse("0000-01-01T00:00:00.000Z");
const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** A moment, to the millisecond: what a Date holds. In CBOR tag 0, or 1, around the same moment. */
const DATETIME = leafCodec<Date>({
  expected: "a valid Date of the years 0 to 9999",
  accepts: isDate,
  json: {
    expected: FORMATS["date-time"].expected,
    write: (value) => value.toISOString(),
    read: (json) => {
      if (typeof json !== "string" || !FORMATS["date-time"].accepts(json)) return undefined;
      // A leap second has no Date: it is the second after.
      const value = new Date(json.replace(/:60(?=[.zZ+-])/, ":59"));
      if (Number.isNaN(value.getTime())) return undefined;
      return /:60[.zZ+-]/.test(json) ? new Date(value.getTime() + 1000) : value;
    },
  },
  cbor: {
    expected: "a date and time (tag 0 or 1) of the years 0 to 9999",
    write: (value) => value,
    read: (wire) => (isDate(wire) ? wire : undefined),
  },
});

function isDate(value: unknown): value is Date {
  return value instanceof Date && value.getTime() >= EARLIEST_MS && value.getTime() <= LATEST_MS;
}

/** `void`: a handler may return anything, nothing of it travels. */
const VOID: Codec = {
  expected: "null",
  isPlain: false,
  check: () => undefined,
  toWire: () => null,
  fromWire: (wire) => {
    if (wire !== null) throw new Mismatch("null", wire);
    return undefined;
  },
};

function wideCodec(kind: "int64" | "uint64", minimum: bigint, maximum: bigint): Codec {
  const isInRange = (value: bigint): boolean => value >= minimum && value <= maximum;
  const accepts = (value: unknown): value is bigint | number =>
    typeof value === "bigint"
      ? isInRange(value)
      : Number.isSafeInteger(value) && isInRange(BigInt(value as number));
  return leafCodec<bigint | number>({
    expected: EXPECTATIONS[kind],
    accepts,
    json: {
      expected: `an integer from ${minimum} to ${maximum} (a decimal string, or a safe integer)`,
      // BigInt makes a -0 plain 0.
      write: (value) => String(BigInt(value)),
      read: (json) => {
        const value = typeof json === "string" && /^-?\d{1,20}$/.test(json) ? BigInt(json) : json;
        return accepts(value) ? BigInt(value) : undefined;
      },
    },
    cbor: {
      expected: `an integer from ${minimum} to ${maximum}`,
      write: (value) => BigInt(value),
      read: (wire) => (accepts(wire) ? BigInt(wire) : undefined),
    },
    arrives: BigInt,
  });
}

/** The doubles that JSON has no literal for, by their JSON strings. */
const NAMED_DOUBLES: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

const FLOAT64 = leafCodec<number>({
  expected: EXPECTATIONS.float64,
  accepts: (value) => typeof value === "number",
  json: {
    expected: 'a number, "NaN", "Infinity", "-Infinity" or "-0"',
    write: (value) => {
      if (Object.is(value, -0)) return "-0";
      return Number.isFinite(value) ? value : String(value);
    },
    // A literal such as 1e400 overflows to Infinity in JSON.parse; that is no finite number.
    read: (json) => (Number.isFinite(json) ? (json as number) : NAMED_DOUBLES.get(json)),
  },
  cbor: {
    expected: EXPECTATIONS.float64,
    write: (value) => value,
    read: readNumber,
  },
});

/** An integer beyond 2^53 arrives as a bigint; a double need not hold it. */
function readNumber(wire: unknown): number | undefined {
  if (typeof wire === "number") return wire;
  return typeof wire === "bigint" && BigInt(Number(wire)) === wire ? Number(wire) : undefined;
}

function cStringCodec(schema: JsonSchema): Codec {
  const text = stringCodec(schema);
  const check = (value: unknown): void => {
    text.check(value);
    if ((value as string).includes("\0")) throw new Mismatch(EXPECTATIONS.cString, value);
  };
  const fromWire = (wire: unknown): unknown => {
    check(wire);
    return wire;
  };
  return { expected: text.expected, isPlain: true, check, toWire: (value) => value, fromWire };
}

const BYTES = leafCodec<Bytes>({
  expected: EXPECTATIONS.bytes,
  accepts: (value) => isBytes(value) && !isDetached(value),
  explain: (value) => (isBytes(value) ? EXPECTATIONS.attachedBytes : EXPECTATIONS.bytes),
  json: { expected: "a base64 string", write: toBase64, read: fromBase64 },
  cbor: {
    expected: "a byte string",
    write: viewOf,
    read: (wire) => (wire instanceof Uint8Array ? plainView(wire) : undefined),
  },
  arrives: bytesOf,
});

const DATA = leafCodec<string | Bytes>({
  expected: EXPECTATIONS.data,
  accepts: (value) => typeof value === "string" || (isBytes(value) && !isDetached(value)),
  explain: (value) => (isBytes(value) ? EXPECTATIONS.attachedBytes : EXPECTATIONS.data),
  json: {
    expected: 'a string or { "base64": "..." }',
    write: (value) => (typeof value === "string" ? value : { base64: toBase64(value) }),
    read: (json) => {
      if (typeof json === "string") return json;
      const isWrapped = typeof json === "object" && json !== null && Object.hasOwn(json, "base64");
      if (!isWrapped || Object.keys(json).length !== 1) return undefined;
      return fromBase64((json as { base64: unknown }).base64);
    },
  },
  cbor: {
    expected: "a text or byte string",
    write: (value) => (typeof value === "string" ? value : viewOf(value)),
    read: (wire) => {
      if (typeof wire === "string") return wire;
      return wire instanceof Uint8Array ? plainView(wire) : undefined;
    },
  },
  arrives: (value) => (typeof value === "string" ? value : bytesOf(value)),
});

/** An address means nothing elsewhere: it never travels, and the call engine checks it. */
const POINTER: Codec = {
  expected: EXPECTATIONS.pointer,
  isPlain: false,
  check: () => undefined,
  toWire: refusePointer,
  fromWire: refusePointer,
};

function refusePointer(value: unknown): never {
  throw new Mismatch("a value that can travel, which an address cannot", value);
}

export function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof DataView;
}

function isDetached(bytes: Bytes): boolean {
  if (!(bytes instanceof ArrayBuffer)) return isDetachedView(bytes);
  try {
    // Node 20 has no `ArrayBuffer.prototype.detached`; no view can be made of a detached buffer.
    new Uint8Array(bytes);
    return false;
  } catch {
    return true;
  }
}

function toBase64(bytes: Bytes): string {
  return viewOf(bytes).toString("base64");
}

function viewOf(bytes: Bytes): Buffer {
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The same memory. */
function bytesOf(value: Bytes): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Bytes are a plain Uint8Array on every way, so that none can be told from another. */
export function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Standard or URL-safe base64, padded or not, as proto3 JSON reads it. Buffer.from skips what it
 * does not know, so a result shorter than the text promises means there was something else in it.
 */
function fromBase64(json: unknown): Uint8Array | undefined {
  if (typeof json !== "string") return undefined;
  const padding = json.endsWith("==") ? 2 : json.endsWith("=") ? 1 : 0;
  const digits = json.length - padding;
  if (digits % 4 === 1 || (padding > 0 && json.length % 4 !== 0)) return undefined;
  const bytes = Buffer.from(json, "base64");
  return bytes.length === Math.floor((digits * 3) / 4) ? plainView(bytes) : undefined;
}
