import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DefinitionSyntaxError,
  defineService,
  definitionsFromJson,
  definitionsToJson,
  type OptionalSchema,
  parseServices,
  printServices,
  type Schema,
  t,
} from "../../../../src/index.js";
import { CryptoService } from "../../../../src/services/index.js";

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((text) => text !== "then");
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const annotations = fc.record(
  {
    title: text,
    description: text,
    $comment: text,
    deprecated: fc.boolean(),
    "x-enum-descriptions": fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const literal = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));

const leaf: fc.Arbitrary<Schema> = fc.oneof(
  ...[t.null, t.boolean, t.integer, t.int8, t.uint8, t.int16, t.uint16, t.int32, t.uint32].map(
    (make) => annotations.map<Schema>((options) => make(options)),
  ),
  ...[t.int64, t.uint64, t.number, t.float64, t.date, t.datetime, t.time, t.duration, t.uuid].map(
    (make) => annotations.map<Schema>((options) => make(options)),
  ),
  ...[t.uri, t.email, t.bytes, t.data, t.any].map((make) => annotations.map(make)),
  fc.constant(t.void()),
  fc
    .record({ minLength: fc.nat(9), noNul: fc.boolean(), default: fc.constant("0123456789") })
    .map(t.string),
  fc.record({ minimum: fc.integer(), multipleOf: fc.constant(0.5) }).map(t.number),
  fc.record({ minimum: fc.integer({ min: -9, max: 9 }), maximum: fc.constant(9) }).map(t.int8),
  fc.tuple(literal, annotations).map(([value, options]) => t.literal(value, options)),
  fc
    .tuple(fc.uniqueArray(literal, { minLength: 1, maxLength: 4 }), annotations)
    .map(([values, options]) => t.enum(values, options)),
);

const { schema } = fc.letrec<{ schema: Schema; property: Schema | OptionalSchema }>((tie) => ({
  property: fc.oneof(tie("schema"), tie("schema").map(t.optional)),
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { weight: 3, arbitrary: leaf },
    fc.tuple(tie("schema"), annotations).map(([items, options]) => t.array(items, options)),
    fc.tuple(tie("schema"), annotations).map(([values, options]) => t.map(values, options)),
    fc
      .tuple(
        fc.dictionary(text, tie("property"), { maxKeys: 3, noNullPrototype: true }),
        annotations,
      )
      .map(([properties, options]) => t.object(properties, options)),
    fc
      .tuple(fc.array(tie("schema"), { minLength: 1, maxLength: 3 }), annotations)
      .map(([branches, options]) => t.union(branches, options)),
  ),
}));

const method = fc
  .record({
    schemas: fc.array(schema, { maxLength: 3 }),
    result: schema,
    optional: fc.nat(3),
    stream: fc.constantFrom(undefined, "server", "client", "bidirectional"),
    options: fc.record(
      {
        api: fc.constantFrom("http", "both"),
        idempotent: fc.boolean(),
        confidential: fc.boolean(),
        timeoutMs: fc.integer({ min: 1, max: 9999 }),
        description: fc.oneof(text, fc.constantFrom("two\nlines", " a ", "/", "*/", "// x")),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  })
  .map(({ schemas, result, optional, stream, options }) => {
    const sends = stream === "client" || stream === "bidirectional";
    const parameters = schemas.map((each, index) =>
      t.param(`p${index}`, !sends && index >= optional ? t.optional(each) : each),
    );
    return {
      ...options,
      parameters: sends ? [...parameters, t.param("items", t.stream(result))] : parameters,
      result: stream === "server" || stream === "bidirectional" ? t.stream(result) : result,
    };
  });

const service = fc
  .record({
    name,
    version: fc.constantFrom("1.0.0", "2.10.3-beta.1"),
    api: fc.constantFrom("http", "both"),
    trust: fc.constantFrom("hybrid", "centralized", "decentralized", "trustless"),
    methods: fc.dictionary(name, method, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  })
  .map((options) => defineService(options as Parameters<typeof defineService>[0]));

describe("a definition", () => {
  it("comes back from its text, and the text from that", () => {
    fc.assert(
      fc.property(service, (defined) => {
        const printed = printServices([defined]);
        const [read] = parseServices(printed);
        expect(read?.definition).toEqual(defined.definition);
        expect(printServices(read === undefined ? [] : [read])).toBe(printed);
      }),
    );
  });

  it("comes back from its JSON document", () => {
    fc.assert(
      fc.property(service, (defined) => {
        const json = JSON.stringify(definitionsToJson([defined]));
        const [read] = definitionsFromJson(JSON.parse(json));
        expect(read?.definition).toEqual(defined.definition);
      }),
    );
  });

  it("of the built-in service comes back from both, in words", () => {
    const printed = printServices([CryptoService]);
    expect(printed).not.toContain("schema(");
    expect(parseServices(printed)[0]?.definition).toEqual(CryptoService.definition);
    const document = JSON.parse(JSON.stringify(definitionsToJson([CryptoService]))) as unknown;
    expect(definitionsFromJson(document)[0]?.definition).toEqual(CryptoService.definition);
  });
});

describe("a text that somebody has changed", () => {
  /** How many texts are tried: few by default, NEARFAR_FUZZ for more. */
  const numRuns = Number(process.env.NEARFAR_FUZZ ?? 100);
  const pieces = fc.constantFrom(
    ...["{", "}", "(", ")", "<", ">", "[", "]", "|", "=", "?", ":", ";", "->", "@", '"', "///"],
    ...["/*", "*/", "\n", "service ", "fn ", "stream ", "enum", "map<", "schema(", "null", "-1e9"],
    ...["__proto__", "\u0000", "\ud800", "@native(", "constructor", "$ref", "ref(", "\\"],
  );

  it("is read or refused with its place, and nothing else", {
    timeout: 60_000 + numRuns * 200,
  }, () => {
    fc.assert(
      fc.property(
        service,
        fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.oneof(pieces, fc.string())), {
          minLength: 1,
          maxLength: 4,
        }),
        (defined, changes) => {
          let source = printServices([defined]);
          for (const [seed, removed, added] of changes) {
            const at = seed % (source.length + 1);
            source = source.slice(0, at) + added + source.slice(at + removed);
          }
          try {
            parseServices(source);
          } catch (error) {
            expect(error).toBeInstanceOf(DefinitionSyntaxError);
            expect((error as DefinitionSyntaxError).line).toBeGreaterThan(0);
            expect((error as DefinitionSyntaxError).column).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns },
    );
  });
});
