/**
 * What a type accepts, in the words of an error message. The call engine and the schemas share
 * these, so a refused value reads the same near and far.
 */
export const EXPECTATIONS = {
  bool: "true or false",
  int8: "an integer from -128 to 127",
  uint8: "an integer from 0 to 255",
  int16: "an integer from -32768 to 32767",
  uint16: "an integer from 0 to 65535",
  int32: "an integer from -2147483648 to 2147483647",
  uint32: "an integer from 0 to 4294967295",
  int64:
    "an integer from -9223372036854775808 to 9223372036854775807 (a bigint, or a safe integer)",
  uint64: "an integer from 0 to 18446744073709551615 (a bigint, or a safe integer)",
  size: `an integer from 0 to ${Number.MAX_SAFE_INTEGER}`,
  float32: "a number",
  float64: "a number",
  string: "a string",
  cString: "a string without a NUL character",
  nullableString: "a string or null",
  pointer: "an address (a bigint), memory (a view or ArrayBuffer), a string or null",
  address: "an address from 0 to 18446744073709551615",
  pointerField: "an address (a bigint), a pointer, memory, a string or null",
  text: "a string, an address (a bigint), a pointer or null",
  ownedPointer: "an address (a bigint), memory that outlives the call, or null",
  callback: "a function, an address (a bigint) or null",
  functionPointer: "an address (a bigint) or null; registerCallback gives a function's address",
  bytes: "bytes (a Uint8Array, ArrayBuffer or DataView)",
  attachedBytes: "bytes that are not detached",
  data: "a string or bytes (a Uint8Array, ArrayBuffer or DataView)",
} as const;
