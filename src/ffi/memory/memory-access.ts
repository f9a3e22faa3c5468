import { ArgumentError, describeValue, EXPECTATIONS } from "../../errors/index.js";
import { requireAddress, requireReadable } from "./memory.js";

/** Reads a value at `pointer + offset` (bytes). */
export type Getter<T> = (pointer: bigint, offset?: number) => T;

/** Writes a value at `pointer + offset` (bytes) after checking that it fits the type. */
export type Setter<T> = (pointer: bigint, offset: number, value: T) => void;

type Scalar =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

/** Where values pass through: DataView does the conversions, and reads back what it wrote. */
const cell = new DataView(new ArrayBuffer(8));
const views = [1, 2, 4, 8].map((bytes) => new Uint8Array(cell.buffer, 0, bytes));

interface Access<T> {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly read: () => T;
  readonly write: (value: T) => void;
}

function viewOfSize(bytes: number): Uint8Array {
  const view = views[Math.log2(bytes)];
  if (view === undefined) throw new Error(`no scalar has ${bytes} bytes`);
  return view;
}

function addressAt(pointer: bigint, offset: unknown): bigint {
  requireAddress(pointer, "pointer");
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    throw new ArgumentError(
      `offset must be a non-negative integer, got ${describeValue(offset)}`,
      typeof offset === "number" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE",
    );
  }
  const address = pointer + BigInt(offset as number);
  requireAddress(address, "pointer + offset");
  return address;
}

function getter<T>({ bytes, read }: Access<T>): Getter<T> {
  const target = viewOfSize(bytes);
  return (pointer, offset = 0) => {
    const address = addressAt(pointer, offset);
    requireReadable(pointer).binding.copyFrom(address, target);
    return read();
  };
}

function setter<T extends number | bigint>(type: Scalar, access: Access<T>): Setter<T> {
  const source = viewOfSize(access.bytes);
  const isFloat = type.startsWith("float");
  return (pointer, offset, value) => {
    const address = addressAt(pointer, offset);
    if (!(isFloat ? typeof value === "number" : fits(access, value))) {
      throw new ArgumentError(`value must be ${EXPECTATIONS[type]}, got ${describeValue(value)}`);
    }
    access.write(value);
    requireReadable(pointer).binding.copyTo(address, source);
  };
}

/** An integer fits when it reads back as it was written. */
function fits<T extends number | bigint>(access: Access<T>, value: unknown): value is T {
  if (typeof value !== "bigint" && !Number.isSafeInteger(value)) return false;
  if (typeof value === "bigint" && access.bytes !== 8) return false;
  access.write(value as T);
  return BigInt(access.read()) === BigInt(value as T);
}

const LITTLE = true;
const access = {
  int8: { bytes: 1, read: () => cell.getInt8(0), write: (v: number) => cell.setInt8(0, v) },
  uint8: { bytes: 1, read: () => cell.getUint8(0), write: (v: number) => cell.setUint8(0, v) },
  int16: {
    bytes: 2,
    read: () => cell.getInt16(0, LITTLE),
    write: (v: number) => cell.setInt16(0, v, LITTLE),
  },
  uint16: {
    bytes: 2,
    read: () => cell.getUint16(0, LITTLE),
    write: (v: number) => cell.setUint16(0, v, LITTLE),
  },
  int32: {
    bytes: 4,
    read: () => cell.getInt32(0, LITTLE),
    write: (v: number) => cell.setInt32(0, v, LITTLE),
  },
  uint32: {
    bytes: 4,
    read: () => cell.getUint32(0, LITTLE),
    write: (v: number) => cell.setUint32(0, v, LITTLE),
  },
  float32: {
    bytes: 4,
    read: () => cell.getFloat32(0, LITTLE),
    write: (v: number) => cell.setFloat32(0, v, LITTLE),
  },
  float64: {
    bytes: 8,
    read: () => cell.getFloat64(0, LITTLE),
    write: (v: number) => cell.setFloat64(0, v, LITTLE),
  },
} as const;
const int64: Access<bigint | number> = {
  bytes: 8,
  read: () => cell.getBigInt64(0, LITTLE),
  write: (v) => cell.setBigInt64(0, BigInt(v), LITTLE),
};
const uint64: Access<bigint | number> = {
  bytes: 8,
  read: () => cell.getBigUint64(0, LITTLE),
  write: (v) => cell.setBigUint64(0, BigInt(v), LITTLE),
};

export const getInt8: Getter<number> = getter(access.int8);
export const getUint8: Getter<number> = getter(access.uint8);
export const getInt16: Getter<number> = getter(access.int16);
export const getUint16: Getter<number> = getter(access.uint16);
export const getInt32: Getter<number> = getter(access.int32);
export const getUint32: Getter<number> = getter(access.uint32);
export const getInt64 = getter(int64) as Getter<bigint>;
export const getUint64 = getter(uint64) as Getter<bigint>;
export const getFloat32: Getter<number> = getter(access.float32);
export const getFloat64: Getter<number> = getter(access.float64);
export const setInt8: Setter<number> = setter("int8", access.int8);
export const setUint8: Setter<number> = setter("uint8", access.uint8);
export const setInt16: Setter<number> = setter("int16", access.int16);
export const setUint16: Setter<number> = setter("uint16", access.uint16);
export const setInt32: Setter<number> = setter("int32", access.int32);
export const setUint32: Setter<number> = setter("uint32", access.uint32);
export const setInt64: Setter<bigint | number> = setter("int64", int64);
export const setUint64: Setter<bigint | number> = setter("uint64", uint64);
export const setFloat32: Setter<number> = setter("float32", access.float32);
export const setFloat64: Setter<number> = setter("float64", access.float64);
