import { describe, expect, it } from "vitest";
import { defineService, openApi, parseServices, type Schema, t } from "../../../../src/index.js";
import { CryptoService } from "../../../../src/services/index.js";

interface Tree {
  readonly value: number;
  readonly children: Tree[];
}

const tree = t.recursive<Tree>("Tree", (self) =>
  t.object({ value: t.number(), children: t.array(self) }),
);

const Forest = defineService({
  name: "Forest",
  version: "2.1.0",
  trust: "centralized",
  methods: {
    plant: {
      description: "Plants a tree.",
      parameters: [t.param("tree", tree), t.param("note", t.optional(t.string()))],
      result: t.union([tree, t.null()]),
      handler: (planted) => planted,
    },
    count: { parameters: [], result: t.integer(), idempotent: true, handler: () => 0 },
    near: { api: "ffi", native: { library: "libm.so.6", declaration: "double cos(double x)" } },
  },
});

/** Every `$ref` in a document, and whether it leads to something. */
function referencesOf(document: unknown): Map<string, boolean> {
  const found = new Map<string, boolean>();
  JSON.stringify(document, (key, value: unknown) => {
    if (key === "$ref" && typeof value === "string") {
      const steps = value.slice(2).split("/");
      const target = steps.reduce<unknown>(
        (at, step) => (at as Record<string, unknown> | undefined)?.[step],
        document,
      );
      found.set(value, value.startsWith("#/") && target !== undefined);
    }
    return value;
  });
  return found;
}

const oneMethod = (name: string, result: Schema) =>
  defineService({ name, methods: { m: { parameters: [], result, handler: () => null } } });

describe("openApi", () => {
  it("describes each method that can be called far, and no other", () => {
    const { paths, info, tags } = openApi([Forest]);
    expect(Object.keys(paths)).toEqual(["/api/Forest/plant", "/api/Forest/count"]);
    expect(info).toEqual({ title: "Forest", version: "2.1.0" });
    expect(tags).toEqual([
      { name: "Forest", "x-nearfar-version": "2.1.0", "x-nearfar-trust": "centralized" },
    ]);
  });

  it("says what a method takes by name and by position, and what it gives", () => {
    const operation = openApi([Forest]).paths["/api/Forest/plant"]?.post;
    const reference = { $ref: "#/components/schemas/Tree" };
    expect(operation?.summary).toBe("plant(tree, note?)");
    expect(operation?.description).toBe("Plants a tree.");
    expect(operation?.requestBody.content["application/json"]?.schema).toEqual({
      anyOf: [
        {
          type: "object",
          title: "by name",
          properties: { tree: reference, note: { type: "string" } },
          required: ["tree"],
          additionalProperties: false,
        },
        {
          type: "array",
          title: "by position",
          minItems: 1,
          maxItems: 2,
          prefixItems: [reference, { anyOf: [{ type: "string" }, { type: "null" }] }],
        },
      ],
    });
    expect(operation?.responses["200"]).toEqual({
      description: "The result.",
      content: { "application/json": { schema: { anyOf: [reference, { type: "null" }] } } },
    });
  });

  it("moves schemas that are referred to where every reference finds them", () => {
    const document = openApi([Forest, CryptoService]);
    expect(document.components.schemas.Tree).toEqual({
      type: "object",
      properties: {
        value: { type: "number" },
        children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
      },
      required: ["value", "children"],
      additionalProperties: false,
    });
    const references = referencesOf(document);
    expect(references.size).toBeGreaterThan(3);
    expect([...references].filter(([, leads]) => !leads)).toEqual([]);
  });

  it("keeps apart what is called the same and is not", () => {
    const first = oneMethod("A", { $id: "Thing", type: "string" });
    const second = oneMethod("B", { $id: "Thing", type: "null" });
    const again = oneMethod("C", { $id: "Thing", type: "string" });
    const problem = oneMethod("D", { $id: "Problem", type: "boolean" });
    const { components, paths } = openApi([first, second, again, problem]);
    expect(components.schemas).toMatchObject({
      Thing: { type: "string" },
      Thing_2: { type: "null" },
      Problem: { type: "object" },
      Problem_2: { type: "boolean" },
    });
    const given = (name: string) => JSON.stringify(paths[`/api/${name}/m`]?.post.responses["200"]);
    expect(given("A")).toContain('"#/components/schemas/Thing"');
    expect(given("B")).toContain('"#/components/schemas/Thing_2"');
    expect(given("C")).toContain('"#/components/schemas/Thing"');
    expect(given("D")).toContain('"#/components/schemas/Problem_2"');
  });

  it("resolves pointers into a schema's own definitions", () => {
    const schema = {
      type: "array",
      items: { $ref: "#/$defs/point" },
      $defs: { point: { type: "object", properties: { next: { $ref: "#/$defs/point" } } } },
    } as const;
    const { components } = openApi([oneMethod("S", schema)]);
    expect(components.schemas["S.m.point"]).toEqual({
      type: "object",
      properties: { next: { $ref: "#/components/schemas/S.m.point" } },
    });
  });

  it("says where raw bodies are read, with the other arguments in the query", () => {
    const operation = openApi([CryptoService]).paths["/api/CryptoService/hash_data"]?.post;
    expect(operation?.requestBody.content).toHaveProperty(["application/octet-stream"], {});
    expect(operation?.parameters).toContainEqual(
      expect.objectContaining({ name: "algorithm", in: "query", required: false }),
    );
  });

  it("tells what is confidential, and what may be repeated", () => {
    const { paths } = openApi([CryptoService, Forest]);
    expect(paths["/api/CryptoService/sign_data"]?.post["x-nearfar-confidential"]).toBe(true);
    expect(paths["/api/Forest/count"]?.post).toMatchObject({
      "x-nearfar-idempotent": true,
      parameters: [{ $ref: "#/components/parameters/timeout" }],
    });
    expect(paths["/api/Forest/plant"]?.post.parameters).toHaveLength(2);
  });

  it("describes the lines of streams, in both directions", () => {
    const Chat = defineService({
      name: "Chat",
      methods: {
        talk: {
          parameters: [t.param("room", t.string()), t.param("lines", t.stream(t.string()))],
          result: t.stream(tree),
        },
      },
    });
    const operation = openApi([Chat]).paths["/api/Chat/talk"]?.post;
    expect(operation).toMatchObject({
      summary: "talk(room, ...lines)",
      "x-nearfar-stream": "bidirectional",
    });
    const lineOf = (properties: object) => ({
      type: "object",
      properties: { seq: { type: "integer", minimum: 1 }, ...properties },
      required: ["seq", ...Object.keys(properties)],
    });
    const end = lineOf({ end: { const: true } });
    const opening = expect.objectContaining({ required: ["args"] });
    expect(operation?.requestBody.content).toEqual({
      "application/x-ndjson": {
        schema: { anyOf: [opening, lineOf({ item: { type: "string" } }), end] },
      },
    });
    const item = { $ref: "#/components/schemas/Tree" };
    const error = { $ref: "#/components/schemas/StreamError" };
    expect(operation?.responses["200"]).toMatchObject({
      content: {
        "application/x-ndjson": { schema: { anyOf: [lineOf({ item }), end, lineOf({ error })] } },
        "text/event-stream": { schema: item },
      },
    });
  });

  it("holds the definitions that clients can be made of, without the server's libraries", () => {
    const document = openApi([Forest, CryptoService]);
    const [forest, crypto] = parseServices(document["x-nearfar"]);
    const { near: _, ...methods } = Forest.definition.methods;
    expect(forest?.definition).toEqual({ ...Forest.definition, methods });
    expect(crypto?.definition.methods.hash_data).toMatchObject({ api: "both" });
    expect(JSON.stringify(document)).not.toContain("nearfar:crypto");
  });

  it("takes title, version, servers and the prefix of a plugin", () => {
    const servers = ["https://example.org"];
    const options = { title: "Trees", version: "9.0.0", description: "All.", servers };
    const document = openApi([Forest], { ...options, prefix: "/v1" });
    expect(document.info).toEqual({ title: "Trees", version: "9.0.0", description: "All." });
    expect(document.servers).toEqual([{ url: "https://example.org" }]);
    expect(Object.keys(document.paths)).toContain("/v1/api/Forest/count");
  });

  it("refuses misspelt options and two services of one name", () => {
    expect(() => openApi([Forest], { titel: "x" } as object)).toThrow(
      'openApi options has no option "titel"; known: title, version, description, servers, prefix',
    );
    expect(() => openApi([Forest, Forest])).toThrow('services has a second "Forest"');
  });
});
