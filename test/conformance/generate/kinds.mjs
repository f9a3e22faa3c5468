// The scalar types of C by their C names, on LP64 systems: what JavaScript makes for each, how its
// bytes read in C, and what must come back.
import { integer, pick } from "./random.mjs";

/** AAPCS64: plain `char` and `wchar_t` are unsigned. */
const isArm = process.arch === "arm64";

/** Bytes that stay where they are, so that addresses in them can be passed around. */
export const pinned = Buffer.alloc(256);
let pinnedAddress = 0n;

/** Says where `pinned` lies: the package under test knows. */
export function pinAt(address) {
  pinnedAddress = address;
}

export const KINDS = {
  bool: {
    bytes: 1,
    make: (random) => random() < 0.5,
    write: (view, at, value) => view.setUint8(at, value ? 1 : 0),
    read: (view, at) => view.getUint8(at) !== 0,
    Column: Uint8Array,
  },
  char: narrow(1, !isArm),
  "signed char": narrow(1, true),
  "unsigned char": narrow(1, false),
  short: narrow(2, true),
  "unsigned short": narrow(2, false),
  int: narrow(4, true),
  "unsigned int": narrow(4, false),
  long: wide(true),
  "unsigned long": wide(false),
  "long long": wide(true),
  "unsigned long long": wide(false),
  int8_t: narrow(1, true),
  uint8_t: narrow(1, false),
  int16_t: narrow(2, true),
  uint16_t: narrow(2, false),
  int32_t: narrow(4, true),
  uint32_t: narrow(4, false),
  int64_t: wide(true),
  uint64_t: wide(false),
  size_t: {
    ...wide(false),
    make: (random) => pick(random, [0, 1, Number.MAX_SAFE_INTEGER, integer(random, 0, 2 ** 40)]),
    read: (view, at) => Number(view.getBigUint64(at, true)),
  },
  wchar_t: narrow(4, !isArm),
  char16_t: narrow(2, false),
  float: {
    bytes: 4,
    make: (random) => Math.fround(makeDouble(random)),
    write: (view, at, value) => view.setFloat32(at, value, true),
    read: (view, at) => view.getFloat32(at, true),
    Column: Float32Array,
  },
  double: {
    bytes: 8,
    make: makeDouble,
    write: (view, at, value) => view.setFloat64(at, value, true),
    read: (view, at) => view.getFloat64(at, true),
    Column: Float64Array,
  },
  // C converts from and to double on both tapes, so 8 bytes there.
  "long double": {
    bytes: 8,
    make: makeDouble,
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
  "void *": address(),
  handler: address(),
};

/** Of C's `int (*)(int)`: a name in the generated source. */
export const HANDLER = "handler";

function makeDouble(random) {
  return pick(random, [
    0,
    -0,
    1.5,
    -Number.MAX_VALUE,
    Number.MIN_VALUE,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    (random() - 0.5) * 2 ** integer(random, -40, 40),
  ]);
}

function narrow(bytes, isSigned) {
  const bits = bytes * 8;
  const low = isSigned ? -(2 ** (bits - 1)) : 0;
  const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const name = `${isSigned ? "Int" : "Uint"}${bits}`;
  return {
    bytes,
    make: (random) => pick(random, [low, high, 0, 1, integer(random, low, high)]),
    write: (view, at, value) => view[`set${name}`](at, value, true),
    read: (view, at) => view[`get${name}`](at, true),
    Column: globalThis[`${name}Array`],
    isSigned,
  };
}

function wide(isSigned) {
  const wrap = isSigned ? BigInt.asIntN : BigInt.asUintN;
  const name = isSigned ? "BigInt64" : "BigUint64";
  return {
    bytes: 8,
    make(random) {
      const any =
        (BigInt(integer(random, 0, 2 ** 32)) << 32n) | BigInt(integer(random, 0, 2 ** 32));
      return wrap(64, pick(random, [0n, 1n, -1n, 1n << 63n, (1n << 63n) - 1n, any]));
    },
    write: (view, at, value) => view[`set${name}`](at, BigInt(value), true),
    read: (view, at) => view[`get${name}`](at, true),
    Column: globalThis[`${name}Array`],
    isSigned,
    isBig: true,
  };
}

function address() {
  return {
    ...wide(false),
    make: (random) =>
      pick(random, [0n, pinnedAddress, pinnedAddress + BigInt(integer(random, 0, 255))]),
    isAddress: true,
  };
}
