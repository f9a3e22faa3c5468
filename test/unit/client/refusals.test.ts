import { describe, expect, it } from "vitest";
import { createClient, defineService, Runtime } from "../../../src/index.js";
import { CryptoService } from "../../../src/services/index.js";
import { fixtureLibrary } from "../../support/compile.js";
import { failureOf, startServer } from "./servers.js";

const echo = (declaration: string) => ({
  native: { library: fixtureLibrary, declaration },
});

const Echo = defineService({
  name: "Echo",
  methods: {
    echo_int32: echo("int32_t echo_int32(int32_t x)"),
    echo_uint8: echo("uint8_t echo_uint8(uint8_t x)"),
    echo_int64: echo("int64_t echo_int64(int64_t)"),
    echo_size: echo("size_t echo_size(size_t n)"),
    echo_float64: echo("double echo_float64(double x)"),
    echo_bool: echo("bool echo_bool(bool flag)"),
    echo_string: echo("const char *echo_string(const char *text)"),
    add_int32: echo("int32_t add_int32(int32_t a, int32_t b)"),
  },
});

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Resizable buffers are ES2024: every Node we support has them, the `lib` of tsconfig not yet. */
interface ResizableConstructor {
  new (
    length: number,
    options: { maxByteLength: number },
  ): ArrayBuffer & {
    resize(length: number): void;
  };
}

/** A view that lies outside of its buffer since that has shrunk. */
function outside(): Uint8Array {
  const buffer = new (ArrayBuffer as unknown as ResizableConstructor)(16, { maxByteLength: 16 });
  const bytes = new Uint8Array(buffer, 8, 8);
  buffer.resize(4);
  return bytes;
}

type Row = readonly [method: string, args: readonly unknown[], message: string | RegExp];

const INT32 = "an integer from -2147483648 to 2147483647";

const echoRows: readonly Row[] = [
  ["add_int32", [], "expected 2 arguments, got 0"],
  ["add_int32", [1, 2, 3], "expected 2 arguments, got 3"],
  ["echo_int32", ["1"], `argument 1 (x) must be ${INT32}, got a string of 1 character`],
  ["echo_int32", [Number.NaN], `argument 1 (x) must be ${INT32}, got NaN`],
  ["echo_int32", [2.5], `argument 1 (x) must be ${INT32}, got 2.5`],
  ["add_int32", [1, 2 ** 31], `argument 2 (b) must be ${INT32}, got 2147483648`],
  ["echo_uint8", [300], "argument 1 (x) must be an integer from 0 to 255, got 300"],
  ["echo_uint8", [-1], "argument 1 (x) must be an integer from 0 to 255, got -1"],
  ["echo_int64", [2n ** 63n], /^argument 1 must be an integer from -9223372036854775808 to /],
  ["echo_int64", [2 ** 53], /a safe integer\), got 9007199254740992$/],
  ["echo_size", [-1], "argument 1 (n) must be an integer from 0 to 9007199254740991, got -1"],
  ["echo_float64", ["1.5"], "argument 1 (x) must be a number, got a string of 3 characters"],
  ["echo_bool", [1], "argument 1 (flag) must be true or false, got 1"],
  ["echo_string", [7], "argument 1 (text) must be a string, got 7"],
  [
    "echo_string",
    ["a\0b"],
    "argument 1 (text) must be a string without a NUL character, got a string of 3 characters",
  ],
];

const DATA = "a string or bytes (a Uint8Array, ArrayBuffer or DataView)";

const cryptoRows: readonly Row[] = [
  ["hash_data", [], "expected 1 to 3 arguments, got 0"],
  ["hash_data", ["x", "sha1", 20, 4], "expected 1 to 3 arguments, got 4"],
  ["hash_data", [5], `argument 1 (data) must be ${DATA}, got 5`],
  ["hash_data", [null], `argument 1 (data) must be ${DATA}, got null`],
  ["hash_data", [["x"]], `argument 1 (data) must be ${DATA}, got an array of 1`],
  ["hash_data", ["x", 256], "argument 2 (algorithm) must be a string, got 256"],
  [
    "hash_data",
    [detached()],
    "argument 1 (data) must be bytes that are not detached, got a detached buffer",
  ],
  [
    "hash_data",
    [outside()],
    "argument 1 (data) must be bytes that are not detached, got a detached buffer",
  ],
  [
    "hash_data",
    [detached().buffer],
    "argument 1 (data) must be bytes that are not detached, got a detached buffer",
  ],
  [
    "hash_data",
    ["x", "sha257"],
    'argument 2 (algorithm) must be a hash algorithm that algorithms() lists, got "sha257"',
  ],
  ["hash_data", ["x", "sha256\0"], /^argument 2 \(algorithm\) must be a hash algorithm/],
  ["sign_data", ["x"], "expected 2 to 3 arguments, got 1"],
  [
    "sign_data",
    ["x", "not a key"],
    "argument 2 (private_key) must be a private key in PEM, not encrypted unless " +
      "options.passphrase opens it, got a string of 9 characters",
  ],
  [
    "sign_data",
    ["x", new Uint8Array(31)],
    "argument 2 (private_key) must be a seed of 32 bytes for Ed25519, " +
      "got a Uint8Array of 31 bytes",
  ],
  [
    "verify_signature",
    ["x", "not bytes", new Uint8Array(32)],
    "argument 2 (signature) must be bytes (a Uint8Array, ArrayBuffer or DataView), " +
      "got a string of 9 characters",
  ],
  [
    "verify_signature",
    ["x", new Uint8Array(64), new Uint8Array(31)],
    "argument 3 (public_key) must be a public key of 32 bytes for Ed25519, " +
      "got a Uint8Array of 31 bytes",
  ],
];

type Untyped = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

describe.each([
  ["C functions", Echo, echoRows],
  ["CryptoService", CryptoService, cryptoRows],
] as const)("a bad call of %s", (_, service, rows) => {
  it.each(rows.map(([method, args, message]) => ({ method, args, message })))(
    "$method: $message is INVALID_ARGUMENT near and far",
    async ({ method, args, message }) => {
      const { url } = await startServer(service);
      const near = createClient(service, { mode: "ffi" }) as unknown as Untyped;
      const far = createClient(service, { mode: "http", baseUrl: url });
      const nearFailure = await failureOf(() => near[method]?.(...args));
      const farFailure = await failureOf(() => (far as unknown as Untyped)[method]?.(...args));
      expect(nearFailure).toEqual({ code: "INVALID_ARGUMENT", message: expect.anything() });
      if (typeof message === "string") expect(nearFailure.message).toBe(message);
      else expect(nearFailure.message).toMatch(message);
      expect(farFailure).toEqual(nearFailure);
      await far.$close();
    },
  );
});

describe("values at the edge of their range", () => {
  it("give the same results near and far", async () => {
    const { url } = await startServer(Echo);
    const near = createClient(Echo, { mode: "ffi" });
    const far = createClient(Echo, { mode: "http", baseUrl: url });
    for (const client of [near, far]) {
      expect(await client.echo_int64(-(2n ** 63n))).toBe(-(2n ** 63n));
      expect(await client.echo_int64(5)).toBe(5n);
      expect(await client.echo_float64(Number.NaN)).toBeNaN();
      expect(await client.echo_float64(Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
      expect(await client.echo_float64(-0)).toBe(-0);
      expect(await client.echo_float64(5e-324)).toBe(5e-324);
      expect(await client.echo_string("héllo 🐇 \u2028")).toBe("héllo 🐇 \u2028");
      expect(await client.echo_bool(true)).toBe(true);
      expect(await client.echo_size(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    }
    await far.$close();
  });
});

describe("an unknown name", () => {
  it("is NOT_FOUND with the same words at a runtime and at a server", async () => {
    const { url } = await startServer(Echo);
    const runtime = new Runtime({ services: [Echo], baseUrl: url, mode: "ffi" });
    const ask = async (path: string) => {
      const response = await fetch(`${url}/api/${path}`, { method: "POST" });
      return { status: response.status, problem: (await response.json()) as { detail: string } };
    };
    const service = await failureOf(() => runtime.callFunction("Ecko", "echo_int32", [1]));
    expect(service).toEqual({ code: "NOT_FOUND", message: 'unknown service "Ecko"; known: Echo' });
    const method = await failureOf(() => runtime.callFunction("Echo", "toString", []));
    expect(method.code).toBe("NOT_FOUND");
    expect(method.message).toMatch(/^unknown method of Echo "toString"; known: echo_int32, /);
    expect(await ask("Ecko/echo_int32")).toMatchObject({
      status: 404,
      problem: { code: "NOT_FOUND", detail: service.message },
    });
    expect(await ask("Echo/toString")).toMatchObject({
      status: 404,
      problem: { code: "NOT_FOUND", detail: method.message },
    });
    await runtime.close();
  });
});
