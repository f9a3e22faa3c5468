import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  createClient,
  defineService,
  definitionsFromJson,
  definitionsToJson,
  implementService,
  t,
} from "../../../../src/index.js";
import { inMemoryTransport } from "../../../../src/testing/index.js";

const Store = defineService({
  name: "Store",
  methods: {
    get: { parameters: [t.param("key", t.string())], result: t.string() },
    watch: { parameters: [], result: t.stream(t.int64()) },
    check: { parameters: [t.param("user", z.object({ name: z.string() }))], result: t.boolean() },
  },
});

const method = { parameters: [], result: { type: "null" } };
const withMethod = (extra: object) => ({ name: "S", methods: { m: { ...method, ...extra } } });
const withSchema = (schema: unknown) => withMethod({ result: schema });

describe("definitionsToJson", () => {
  it("gives a versioned document that shares nothing with the definitions", () => {
    const document = definitionsToJson([Store]);
    expect(document).toEqual({ nearfar: 1, services: [Store.definition] });
    expect(document.services[0]).not.toBe(Store.definition);
  });
});

describe("definitionsFromJson", () => {
  it("fills in what may be left out", () => {
    const [service] = definitionsFromJson({ name: "S", methods: { m: method } });
    const expected = defineService({
      name: "S",
      methods: { m: { parameters: [], result: t.null() } },
    });
    expect(service?.definition).toEqual(expected.definition);
  });

  it("keeps schemas of other libraries, which then accept any JSON", async () => {
    const [service] = definitionsFromJson(JSON.parse(JSON.stringify(definitionsToJson([Store]))));
    if (service === undefined) throw new Error("a service was written");
    expect(service.definition).toEqual(Store.definition);
    const implemented = implementService(service, { check: (user: unknown) => user === 5 });
    const client = createClient(implemented, { transport: inMemoryTransport([implemented]) });
    const check = client.check as unknown as (user: unknown) => Promise<unknown>;
    expect(await check(5)).toBe(true);
  });

  it.each<[json: unknown, message: string]>([
    [5, "definition must be an object, got 5"],
    [{}, "definition.nearfar must be 1, got undefined"],
    [{ nearfar: 2, services: [] }, "definition.nearfar must be 1, got 2"],
    [{ nearfar: 1, services: [{}] }, "definition.services[0].name must be a string, got undefined"],
    [
      {
        nearfar: 1,
        services: [{ name: "S", methods: { m: method } }, withMethod({ api: "near" })],
      },
      'definition.services[1].methods["m"].api must be one of "ffi", "http", "both", got',
    ],
    [
      { nearfar: 1, services: [withMethod({}), withMethod({})] },
      'definition.services[1].name is a second "S"',
    ],
    [
      withMethod({ paramters: [] }),
      'definition.methods["m"] must be an object without the property',
    ],
    [
      withMethod({ name: "n" }),
      'definition.methods["m"].name must be "m", as the method is called',
    ],
    [
      withMethod({ stream: "client" }),
      'definition.methods["m"].stream must be absent, as its items',
    ],
    [
      withMethod({ timeoutMs: 0 }),
      "timeoutMs of S.m must be an integer from 1 to 2147483647, got 0",
    ],
    [withSchema("string"), 'definition.methods["m"].result must be an object, got a string of 6'],
    [
      withSchema({ type: "array", items: { type: "strng" } }),
      'definition.methods["m"].result.items.type must be one of "null", "boolean"',
    ],
    [
      withSchema({ anyOf: [{ type: "string", maxLength: "9" }] }),
      'definition.methods["m"].result.anyOf[0].maxLength must be an integer from 0',
    ],
    [withSchema({ type: "string", minimum: 5 }), "schema must be made with t"],
    [
      withSchema({ type: "string", pattern: "(" }),
      "pattern of a schema must be a regular expression",
    ],
    [
      withMethod({ parameters: [{ name: "a b", schema: {} }] }),
      "name of parameter 1 of S.m must be",
    ],
    [
      JSON.parse('{"name":"S","methods":{"__proto__":{"parameters":[],"result":{}}}}'),
      "method name",
    ],
  ])("refuses %j", (json, message) => {
    expect(() => definitionsFromJson(json)).toThrow(message);
  });
});

describe("implementService", () => {
  it("gives a definition handlers", async () => {
    const service = implementService(Store, { get: (key) => `${key}!` });
    expect(service.definition).toBe(Store.definition);
    const client = createClient(service, { transport: inMemoryTransport([service]) });
    expect(await client.get("a")).toBe("a!");
  });

  it("refuses what is no method, and what is no function", () => {
    expect(() => implementService(Store, { gte: () => "" } as object)).toThrow(
      'Store has no method "gte"; known: get, watch, check',
    );
    expect(() => implementService(Store, { get: 5 } as object)).toThrow(
      "handler of Store.get must be a function, got 5",
    );
  });
});
