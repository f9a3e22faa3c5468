import { describe, expect, it } from "vitest";
import {
  DefinitionSyntaxError,
  defineService,
  type JsonSchema,
  parseServices,
  printServices,
  t,
} from "../../../../src/index.js";

const definitionsOf = (text: string) => parseServices(text).map(({ definition }) => definition);

/** The schema of one type. */
function schemaOf(type: string): JsonSchema | undefined {
  const [service] = definitionsOf(`service S { fn m(x: ${type}); }`);
  return service?.methods.m?.parameters[0]?.schema;
}

function errorOf(text: string): DefinitionSyntaxError {
  try {
    parseServices(text, { file: "a.near" });
  } catch (error) {
    if (error instanceof DefinitionSyntaxError) return error;
    throw error;
  }
  throw new Error(`it was read: ${text}`);
}

describe("parseServices", () => {
  it("reads the interface guide's services", () => {
    const [flexible] = definitionsOf(`
      @api("both")  // Both HTTP and FFI available
      @trust("hybrid")
      service FlexibleService {
          // Available via both interfaces
          fn process(data: string) -> string;

          @api("ffi")  // Function-level override - prefer FFI
          @native("libm.so.6", "double cos(double x)")
          fn high_frequency(x: float64) -> float64;

          @api("http")  // Function-level override - HTTP only
          fn distributed(data: string) -> string;
      }`);
    expect(flexible).toMatchObject({ name: "FlexibleService", api: "both", trust: "hybrid" });
    const methods = Object.values(flexible?.methods ?? {});
    expect(methods.map(({ name, api }) => `${name} ${api}`)).toEqual([
      "process both",
      "high_frequency ffi",
      "distributed http",
    ]);
  });

  it("gives what defineService gives", () => {
    const defined = defineService({
      name: "Orders",
      version: "2.1.0",
      api: "http",
      trust: "trustless",
      methods: {
        place: {
          description: "Places an order.\nOnce.",
          parameters: [
            t.param("order", t.object({ id: t.uuid(), lines: t.array(t.string()) })),
            t.param("note", t.optional(t.string({ default: "none" }))),
          ],
          result: t.union([t.int64(), t.null()]),
          idempotent: true,
          timeoutMs: 500,
        },
        watch: {
          parameters: [t.param("from", t.integer())],
          result: t.stream(t.string()),
          resumable: true,
        },
        upload: { parameters: [t.param("parts", t.stream(t.bytes()))], result: t.void() },
        chat: {
          parameters: [t.param("lines", t.stream(t.string()))],
          result: t.stream(t.string()),
          confidential: true,
        },
        cos: {
          api: "ffi",
          native: {
            library: { linux: "libm.so.6", darwin: "libm.dylib" },
            declaration: "double cos(double x)",
          },
        },
        hash: {
          api: "both",
          parameters: [t.param("data", t.data())],
          result: t.string(),
          native: { library: "nearfar:crypto", symbol: "hash_data" },
        },
      },
    });
    const text = `
      /* everything */
      @version("2.1.0") @api("http") @trust("trustless")
      service Orders {
        /// Places an order.
        /// Once.
        @idempotent @timeoutMs(500)
        fn place(order: { id: uuid, lines: string[] }, note: string = "none",) -> int64 | null;
        @resumable fn watch(from: integer) -> stream string;
        fn upload(parts: stream bytes);
        @confidential fn chat(lines: stream string) -> stream string;
        @api("ffi") @native(linux: "libm.so.6", darwin: "libm.dylib", "double cos(double x)")
        fn cos;
        @api("both") @native("nearfar:crypto", "hash_data")
        fn hash(data: data) -> string;
      }`;
    expect(definitionsOf(text)).toEqual([defined.definition]);
  });

  it.each<[text: string, schema: JsonSchema]>([
    ["bool", t.boolean()],
    ["binary", t.bytes()],
    ["int32(minimum: 1, maximum: 9)", t.int32({ minimum: 1, maximum: 9 })],
    ['string(noNul: true, pattern: "^a")', t.string({ noNul: true, pattern: "^a" })],
    ["string[][](maxItems: 2)", t.array(t.array(t.string()), { maxItems: 2 })],
    ["array<number>(uniqueItems: true)", t.array(t.number(), { uniqueItems: true })],
    ["map<uint8>", t.map(t.uint8())],
    ["map<string(maxLength: 3), any>", t.map(t.any(), { keys: t.string({ maxLength: 3 }) })],
    [
      '{ a?: date, "b-c": time }(description: "both")',
      t.object({ a: t.optional(t.date()), "b-c": t.time() }, { description: "both" }),
    ],
    ["{}", t.object({})],
    [
      '"a" | "b" | 5 | true',
      t.union([t.literal("a"), t.literal("b"), t.literal(5), t.literal(true)]),
    ],
    ["(string | null)[]", t.array(t.union([t.string(), t.null()]))],
    ['(int8 | null)(title: "n")', t.union([t.int8(), t.null()], { title: "n" })],
    ['enum("a", 2, null, title: "e")', t.enum(["a", 2, null], { title: "e" })],
    ["literal(null)", t.literal(null)],
    ['{ next?: ref("#") }', t.object({ next: t.optional(t.ref("#")) })],
    [
      '{ kids: ref("Tree")[] }($id: "Tree")',
      t.recursive("Tree", (tree) => t.object({ kids: t.array(tree) })),
    ],
    ['schema({"type": "object"})', { type: "object" }],
    ['any(examples: [1, {"a": [null, -1.5e3]}])', t.any({ examples: [1, { a: [null, -1500] }] })],
  ])("reads the type %s", (text, schema) => {
    expect(schemaOf(text)).toEqual(schema);
  });

  it.each<[text: string, position: string, problem: string]>([
    ["servce S {}", "1:1", 'expected "service" or an attribute, got "servce"'],
    ["service S {\n  fn m(\n", "3:1", "expected the name of a parameter, got the end"],
    ["service S {\n\tfn m(a string);\n}", "2:9", 'expected ":" and a type, got "string"'],
    ["service S {\r\n fn m(a: strng);\r\n}", "2:10", 'unknown type "strng"; known: null, void, '],
    ["service S { fn m(a: string) string; }", "1:29", 'expected ";" after method m, got "string"'],
    ["service S { fn m() -> ; }", "1:23", 'expected a type, got ";"'],
    ["service S { fn m(); fn m(); }", "1:21", 'a second method "m"'],
    ["service S { fn m(a: null, a: null); }", "1:13", 'parameter 2 of S.m is a second "a"'],
    ["service S { fn m(a: { b: null, b: null }); }", "1:32", 'a second property "b"'],
    ["service S { fn m(a: int8(minimum: 1, minimum: 2)); }", "1:38", 'a second "minimum"'],
    [
      'service S { fn m(a: string(minLength: "x")); }',
      "1:21",
      "this type.minLength must be an integer from 0 to 9007199254740991, got a string of 1 character",
    ],
    [
      "service S { fn m(a: string(min: 1)); }",
      "1:21",
      'this type must be an object without the property "min"',
    ],
    [
      'service S { fn m(a: int8(default: "x")); }',
      "1:13",
      "default of a schema must be an integer",
    ],
    [
      'service S { fn m(a: string(pattern: "(")); }',
      "1:13",
      "pattern of a schema must be a regular expression",
    ],
    [
      '@api("rest") service S { fn m(); }',
      "1:26",
      'api of S.m must be one of "ffi", "http", "both"',
    ],
    ['@trust("x") service S { fn m(); }', "1:13", 'trust of S must be one of "hybrid"'],
    [
      "@native service S {}",
      "1:2",
      "a service has no attribute @native; known: @api, @trust, @version",
    ],
    ["service S { fn m(a: array<null>(items: {})); }", "1:33", '"items" is what the type itself'],
    ["service S { fn m(a: schema(5)); }", "1:21", "this type must be an object, got 5"],
    ["service S { @idempotent @idempotent fn m(); }", "1:26", "a second @idempotent"],
    [
      'service S { @native("nearfar:crypto", "hash_data", async) fn m(); }',
      "1:21",
      "@native with async is for C functions of libraries",
    ],
    ['service S { @native("x") fn m(); }', "1:21", "@native needs a library and a C declaration"],
    ['service S { @api("ffi") fn m(); }', "1:25", 'S.m is api "ffi" and needs native'],
    ["service S { fn m; }", "1:13", "S.m needs parameters, or a C declaration"],
    ['service S { @native("l", "double cos(") fn m; }', "1:41", ""],
    ["service S { fn m(); }\nservice S { fn m(); }", "2:1", 'a second service "S"'],
    ["service S {}", "1:1", "methods of S must hold at least one method, got none"],
    ["service then { fn then(); }", "1:16", "method name then.then must be"],
    ['service S { fn m(a: "x', "1:21", "this string needs an end on its line"],
    ['service S { fn m(a: "\\q"); }', "1:21", "this string needs an end on its line"],
    ["service S { /* ", "1:13", "this comment has no end"],
    ["service S { fn m(a: ü); }", "1:21", 'unexpected "ü"'],
    ["service S { fn m(a: int8(minimum: 01)); }", "1:35", 'unexpected "0"'],
    ["service S { fn m(a: 1e999); }", "1:21", "1e999 is too large for a number"],
    [`service S { fn m(a: ${"[".repeat(9)}); }`, "1:21", 'expected a type, got "["'],
    ["service S { fn m(a?: stream string); }", "1:22", 'unknown type "stream"'],
    [
      "service S { fn m(a: stream string, b: null); }",
      "1:13",
      "parameter 1 of S.m is a stream and must be the last",
    ],
  ])("refuses %j at %s", (text, position, problem) => {
    const { line, column, message } = errorOf(text);
    expect(`${line}:${column}`, message).toBe(position);
    expect(message).toContain(`a.near:${position}: ${problem}`);
  });

  it.each([
    ["types", `service S { fn m(a: ${"(".repeat(50_000)}null); }`],
    ["arrays", `service S { fn m(a: ${"array<".repeat(50_000)}null); }`],
    ["objects", `service S { fn m(a: ${"{a:".repeat(50_000)}null); }`],
    ["values", `service S { fn m(a: any(default: ${"[".repeat(50_000)})); }`],
    ["lists", `service S { fn m(a: null${"[]".repeat(50_000)}); }`],
  ])("does not exhaust the stack by nested %s", (_, text) => {
    expect(errorOf(text).message).toContain("nested more than 100 levels deep");
  });

  it("knows of no option but the file", () => {
    expect(() => parseServices("", { name: "x" } as object)).toThrow(
      'parseServices options has no option "name"; known: file',
    );
  });
});

describe("printServices", () => {
  it("writes what a person would", () => {
    const text = `@api("both") @trust("hybrid") @version("1.0.0")
service Store {
  /// Gets a value.
  @idempotent
  fn get(key: string(maxLength: 9), at?: datetime) -> string | null;

  fn list() -> stream { key: string, size?: uint64 };

  @api("ffi")
  @native("libm.so.6", "double cos(double x)")
  fn cos(x: float64) -> float64;
}
`;
    expect(printServices(parseServices(text))).toBe(text);
  });

  it("falls back to JSON Schema where words would be read as another schema", () => {
    const odd = { type: "object", additionalProperties: true, required: ["a"] } as const;
    const service = defineService({
      name: "S",
      methods: { m: { parameters: [], result: odd, description: " spaces " } },
    });
    const text = printServices([service]);
    expect(text).toContain(`-> schema(${JSON.stringify(odd)});`);
    expect(text).toContain('@description(" spaces ")');
    expect(definitionsOf(text)).toEqual([service.definition]);
  });
});
