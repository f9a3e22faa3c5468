import { describe, expect, it } from "vitest";
import { defineService, definitionOf, t } from "../../../src/index.js";
import { CryptoService } from "../../../src/services/index.js";

const method = { parameters: [t.param("x", t.number())], result: t.number() };

/** Defines a service with some options that TypeScript would not let pass. */
const define = (options: object) => () =>
  defineService(options as Parameters<typeof defineService>[0]);
const withMethod = (options: object) =>
  define({ name: "S", methods: { m: { ...method, ...options } } });
const withNative = (native: object, options: object = {}) =>
  define({ name: "S", methods: { m: { native, ...options } } });

describe("defineService", () => {
  it("fills in the defaults", () => {
    const { definition } = defineService({ name: "S", methods: { m: method } });
    expect(definition).toEqual({
      name: "S",
      version: "1.0.0",
      api: "both",
      trust: "hybrid",
      methods: {
        m: {
          name: "m",
          api: "both",
          parameters: [{ name: "x", schema: { type: "number" }, optional: false }],
          result: { type: "number" },
          idempotent: false,
        },
      },
    });
  });

  it("gives a definition that is plain data: it survives JSON", () => {
    const { definition } = CryptoService;
    expect(JSON.parse(JSON.stringify(CryptoService))).toEqual(definition);
    expect(definitionOf(CryptoService)).toBe(definition);
  });

  it("derives parameters and result from a C declaration", () => {
    const { definition } = defineService({
      name: "S",
      methods: {
        m: {
          api: "ffi",
          native: {
            library: "libx.so",
            declaration: "const char *m(const char *text, double, int64_t id, void *memory)",
          },
        },
      },
    });
    const { parameters, result } = definition.methods.m ?? {};
    expect(parameters?.map(({ name }) => name)).toEqual(["text", "arg2", "id", "memory"]);
    expect(parameters?.map(({ schema }) => schema["x-kind"])).toEqual([
      "cString",
      "float64",
      "int64",
      "pointer",
    ]);
    expect(result?.anyOf).toHaveLength(2);
  });

  const two = [t.param("x", t.number()), t.param("x", t.number())];
  const gap = [t.param("x", t.optional(t.number())), t.param("y", t.number())];
  const cos = { library: "libm.so.6", declaration: "double cos(double)" };
  const refusals: readonly [define: () => unknown, message: string | RegExp][] = [
    [define({ name: "S", methods: {}, mehtods: {} }), /^service has no option "mehtods"; known: /],
    [
      define({ name: "no spaces", methods: { m: method } }),
      /^service name must be .*, got "no spaces"$/,
    ],
    [define({ name: "S", methods: {} }), "methods of S must hold at least one method, got none"],
    [
      define({ name: "S", api: "rest", methods: { m: method } }),
      'api of S must be one of "ffi", "http", "both", got "rest"',
    ],
    [
      define({ name: "S", trust: "blind", methods: { m: method } }),
      'trust of S must be one of "hybrid", "centralized", "decentralized", "trustless", got "blind"',
    ],
    [
      define({ name: "S", version: 1, methods: { m: method } }),
      "version of S must be a string, got 1",
    ],
    [
      define({ name: "S", methods: { prototype: method } }),
      /^method name S\.prototype must be .*, got "prototype"$/,
    ],
    [define({ name: "S", methods: { $m: method } }), /^method name S\.\$m must be .*, got "\$m"$/],
    [
      withMethod({ handlr: () => 1 }),
      /^method S\.m has no option "handlr"; known: api, parameters, /,
    ],
    [withMethod({ handler: 5 }), "handler of S.m must be a function, got 5"],
    [withMethod({ api: "far" }), 'api of S.m must be one of "ffi", "http", "both", got "far"'],
    [withMethod({ api: "ffi" }), 'S.m is api "ffi" and needs native: a library and a declaration'],
    [
      withMethod({ timeoutMs: 0 }),
      "timeoutMs of S.m must be an integer from 1 to 2147483647, got 0",
    ],
    [withMethod({ idempotent: 1 }), "idempotent of S.m must be true or false, got 1"],
    [withMethod({ parameters: two }), 'parameter 2 of S.m is a second "x"'],
    [
      withMethod({ parameters: gap }),
      'parameter 2 of S.m ("y") must be optional: one before it is',
    ],
    [
      withMethod({ parameters: [{ name: "x" }] }),
      "schema of parameter 1 of S.m must be made with t or be a Standard Schema",
    ],
    [
      withMethod({
        parameters: [t.param("x", { type: "string", format: "email", multipleOf: 2 } as never)],
      }),
      /^schema must be made with t, got /,
    ],
    [
      withMethod({ parameters: [t.param("x", t.optional(t.uint8({ default: 300 })))] }),
      "default of a schema must be an integer from 0 to 255",
    ],
    [withMethod({ result: undefined }), "S.m needs result, or a C declaration to take them from"],
    [
      withNative({ library: 5, declaration: "int m(void)" }),
      "native.library of S.m must be a string, got 5",
    ],
    [
      withNative({ library: { linus: "x" }, declaration: "int m(void)" }),
      'native.library of S.m has no option "linus"; known: linux, darwin, win32',
    ],
    [
      withNative({ library: "x" }, method),
      "native.declaration of S.m must be a string, got undefined",
    ],
    [
      withNative({ library: "nearfar:crypto" }, method),
      "native.symbol of S.m must be a string, got undefined",
    ],
    [
      withNative({ library: "x", declaration: "int m(void)", async: "yes" }, method),
      "native.async of S.m must be true or absent, got a string of 3 characters",
    ],
    [
      withNative({ library: "nearfar:crypto", symbol: "hash_data", async: true }, method),
      "native.async of S.m must be absent: it is for C functions of libraries, got true",
    ],
    [
      withNative({ library: "x", declaration: "int m(void)", async: true, serialize: 1 }, method),
      "native.serialize of S.m must be true or absent, got 1",
    ],
    [
      withNative({ library: "x", declaration: "int m(void)", serialize: true }, method),
      "native.serialize of S.m needs async: true: synchronous calls do not wait for others",
    ],
    [
      withNative({ library: "x", declaration: "number m(void)" }),
      /^C declaration "number m\(void\)": unknown type "number" at column 1$/,
    ],
    [withNative(cos, { parameters: [] }), "S.m has 0 parameters and its C declaration 1"],
    [
      withNative(cos, { parameters: [t.param("x", t.string())] }),
      "argument 1 (x) of S.m is string in its schema and number in its C declaration",
    ],
    [
      withNative(cos, { result: t.boolean() }),
      "result of S.m is boolean in its schema and number in its C declaration",
    ],
    [
      withNative({ library: "x", declaration: "void m(void *memory)" }),
      'api of S.m must be "ffi", got "both": argument 1 (memory) is an address, ' +
        "which means nothing in another process",
    ],
  ];
  it.each(refusals.map(([attempt, message]) => ({ attempt, message })))(
    "refuses: $message",
    ({ attempt, message }) => {
      expect(attempt).toThrow(TypeError);
      expect(attempt).toThrow(message);
    },
  );
});
