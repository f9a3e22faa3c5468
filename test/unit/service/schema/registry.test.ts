import { describe, expect, it } from "vitest";
import { SchemaRegistry, ServiceError, schemaType, t } from "../../../../src/index.js";

const point = t.object({ x: t.number(), y: t.number() });

function registryOfShapes(): SchemaRegistry {
  const registry = new SchemaRegistry();
  registry.register(point, { id: "geo.point" });
  registry.register(t.array(t.ref("geo.point"), { minItems: 2 }), { id: "geo.line" });
  registry.register({ ...t.uuid(), $id: "id" });
  return registry;
}

describe("SchemaRegistry", () => {
  it("gives back what was registered, under its $id", () => {
    const registry = registryOfShapes();
    expect(registry.get("geo.point")).toEqual({ ...point, $id: "geo.point" });
    expect(() => registry.get("geo.pont")).toThrow(ServiceError);
    expect(() => registry.get("geo.pont")).toThrow(/known: geo\.point, geo\.line, id/);
  });

  it("takes the same schema again, and no other under its name", () => {
    const registry = registryOfShapes();
    expect(registry.register({ ...point, $id: "geo.point" })).toBe("geo.point");
    expect(() => registry.register(t.string(), { id: "geo.point" })).toThrow(/another schema/);
    expect(() => registry.register(t.string())).toThrow(/id of a schema/);
  });

  it("follows references, also those that come later", () => {
    const registry = new SchemaRegistry();
    registry.register(t.object({ head: t.ref("node") }), { id: "list" });
    expect(() => registry.validate("list", { head: null })).toThrow(/"node" leads to no schema/);
    registry.register(t.union([t.null(), t.object({ next: t.ref("node") })]), { id: "node" });
    expect(registry.validate("list", { head: { next: { next: null } } }).valid).toBe(true);
    expect(registry.validate("list", { head: { next: 5 } }).errors).toMatchObject([
      { path: ".head.next" },
    ]);
  });

  it("resolves references into one schema that stands alone", () => {
    const line = registryOfShapes().get("geo.line", { resolve: true });
    expect(Object.keys(line.$defs ?? {})).toEqual(["geo.point"]);
    const { errors } = new SchemaRegistry().validate(line, [{ x: 1, y: 2 }, { x: 1 }]);
    expect(errors).toMatchObject([{ path: "[1].y", code: "required" }]);
  });

  it("lists by pattern and type, page by page", () => {
    const registry = registryOfShapes();
    const ids = (...page: Parameters<SchemaRegistry["list"]>) =>
      registry.list(...page).schemas.map(({ $id }) => $id);
    expect(ids()).toEqual(["geo.line", "geo.point", "id"]);
    expect(ids({ pattern: "geo.*" })).toEqual(["geo.line", "geo.point"]);
    expect(ids({ type: "uuid" })).toEqual(["id"]);
    const { nextPageToken } = registry.list({ limit: 2 });
    expect(ids({ limit: 2, pageToken: nextPageToken ?? "" })).toEqual(["id"]);
    expect(registry.list({ limit: 3 }).nextPageToken).toBeUndefined();
    expect(() => registry.list({ limit: 0 })).toThrow(/limit/);
  });
});

describe("schemaType", () => {
  it.each([
    ["null", t.null()],
    ["boolean", t.boolean()],
    ["integer", t.int64()],
    ["integer", t.uint8()],
    ["number", t.float64()],
    ["string", t.string()],
    ["array", t.array(t.any())],
    ["object", t.object({})],
    ["map", t.map(t.any())],
    ["enum", t.enum(["a"])],
    ["union", t.union([t.null(), t.string()])],
    ["reference", t.ref("x")],
    ["any", t.any()],
    ["binary", t.bytes()],
    ["date", t.date()],
    ["datetime", t.datetime()],
    ["time", t.time()],
    ["duration", t.duration()],
    ["uuid", t.uuid()],
    ["uri", t.uri()],
    ["email", t.email()],
  ])("is %s", (type, schema) => {
    expect(schemaType(schema)).toBe(type);
  });
});
