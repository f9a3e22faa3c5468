import { describe, expect, it } from "vitest";
import { callback } from "../../../../src/ffi/types/callback.js";
import {
  aligned,
  array,
  bits,
  opaque,
  packed,
  pointer,
  struct,
  union,
} from "../../../../src/ffi/types/constructors.js";
import type { CType } from "../../../../src/ffi/types/ctype.js";
import { enumeration } from "../../../../src/ffi/types/enumeration.js";
import { alignof, offsetof, sizeof } from "../../../../src/ffi/types/measure.js";

describe("a struct's layout", () => {
  it("aligns each field and pads the end", () => {
    const type = struct({ a: "int8", b: "float64", c: "int16" });
    expect([sizeof(type), alignof(type)]).toEqual([24, 8]);
    expect(["a", "b", "c"].map((field) => offsetof(type, field))).toEqual([0, 8, 16]);
  });

  it("nests structs, unions and arrays, and measures paths through them", () => {
    const point = struct({ x: "int32", y: "int32" });
    const type = struct({
      tag: "char",
      value: union({ wide: "int64", parts: array("int16", 3) }),
      points: array(array(point, 4), 3),
    });
    expect(sizeof(type)).toBe(16 + 96);
    expect(offsetof(type, "value.parts[2]")).toBe(12);
    expect(offsetof(type, "points[2][1].y")).toBe(16 + 64 + 8 + 4);
  });

  it("is packed or over-aligned on request", () => {
    const fields = { a: "int8", b: "int32" } as const;
    expect(sizeof(packed(fields))).toBe(5);
    expect(sizeof(packed(struct(fields)))).toBe(5);
    expect(sizeof(struct(fields, { pack: 2 }))).toBe(6);
    expect([sizeof(aligned(struct(fields), 16)), alignof(aligned("int32", 8))]).toEqual([16, 8]);
    expect(offsetof(struct({ a: "int8", b: aligned("int16", 8) }), "b")).toBe(8);
  });

  it("counts a flexible last field for the alignment only", () => {
    const type = struct({ length: "uint8", data: array("int32") });
    expect([sizeof(type), offsetof(type, "data")]).toEqual([4, 4]);
  });

  it("puts bit-fields into the free bits of their unit", () => {
    const type = struct({ a: bits("uint32", 3), b: bits("uint32", 30), c: "uint8" });
    expect(sizeof(type)).toBe(12);
    expect(type.fields.map(({ bits: range }) => range)).toEqual([
      { start: 0, width: 3 },
      { start: 0, width: 30 },
      undefined,
    ]);
  });

  it("may refer to itself through a pointer", () => {
    const node = struct("node", { value: "int32", next: pointer((): CType => node) });
    expect(sizeof(node)).toBe(16);
    expect(node.fields[1]?.type.name).toBe("struct node *");
  });

  it("may refer to itself from inside of other types", () => {
    const later = (): CType => node;
    const node = struct("node", {
      children: array(pointer(later), 2),
      parents: pointer(pointer(later)),
      self: aligned(pointer(later), 16),
      visit: callback({ arguments: [pointer(later), array(pointer(later))], return: "int" }),
    });
    expect(sizeof(node)).toBe(48);
    expect(node.fields.map(({ type }) => type.name)).toEqual([
      "struct node *[2]",
      "struct node * *",
      "struct node *",
      "int32_t (*)(struct node *, struct node * *)",
    ]);
    const view = node.view();
    view.children.set(1, 64n);
    expect([...view.children]).toEqual([0n, 64n]);
    expect(() => view.children.set(0, 5 as never)).toThrow(/^struct node \*\[2\]\[0\] must be/);
  });
});

describe("the base type of an enumeration", () => {
  it("is the smallest that the compiler takes", () => {
    const base = (values: Record<string, number | bigint>) => enumeration(values).value;
    expect(base({ a: 0, b: 5 })).toBe(process.platform === "win32" ? "int32" : "uint32");
    expect(base({ a: -1 })).toBe("int32");
    expect(base({ a: 2 ** 32 })).toBe("uint64");
    expect(base({ a: -1, b: 2 ** 31 })).toBe("int64");
    expect(enumeration(["a", "b"], "uint8").size).toBe(1);
  });

  it("refuses values that the base does not hold", () => {
    expect(() => enumeration("color", ["red", "green", "red"])).toThrow(
      "enum color has the name red twice",
    );
    expect(() => enumeration({ a: 256 }, "uint8")).toThrow(
      "enum (anonymous): a must be an integer from 0 to 255, got 256",
    );
  });
});

describe("a faulty type", () => {
  it.each([
    [() => struct({ 1: "int32" } as never), "field 1 of struct (anonymous) must have another name"],
    [
      () => struct("s", { a: "int33" } as never),
      'field a of struct s has the unknown type "int33"',
    ],
    [() => struct("s", { a: "void" }), "field a of struct s must be a type with a size, got void"],
    [() => struct("s", { f: opaque("FILE") }), "must be a type with a size, got FILE"],
    [() => struct("s", { a: array("int8"), b: "int8" }), "field a of struct s has no length"],
    [() => union("u", { a: array("int8") }), "field a of union u has no length"],
    [
      () =>
        struct("s", [
          ["a", "int8"],
          ["a", "int8"],
        ]),
      "struct s has two fields of the name a",
    ],
    [
      () => struct("s", [[undefined, "int8"]]),
      "must have a name, because it is no struct or union",
    ],
    [() => struct("s", {}, { pakced: true } as never), 'has no option "pakced"'],
    [() => array("int8", -1), "the length of an array must be an integer from 0 to"],
    [() => array("int64", 2 ** 29), "must be an integer from 0 to 268435456"],
    [() => array(array("int8")), "must have a length, got a flexible array"],
    [() => array(aligned("int8", 4), 2), "a multiple of its alignment"],
    [() => bits("float64" as never, 3), "a bit-field must have an integer type, got double"],
    [
      () => bits("uint8", 9),
      "bits of a bit-field of uint8_t must be an integer from 0 to 8, got 9",
    ],
    [() => aligned("int8", 3), "bytes must be a power of two, got 3"],
    [() => pointer("int32", "sideways" as never), "direction must be one of"],
    [() => struct({ a: { kind: "scalar", size: 1 } } as never), "must be a type name or a type"],
    [() => offsetof(struct({ a: "int8" }), "b"), "b: struct (anonymous) has no field b"],
    [() => offsetof(struct({ a: bits("int32", 3) }), "a"), "a is a bit-field"],
  ])("is refused: %s", (make, message) => {
    expect(make).toThrow(message);
  });
});
