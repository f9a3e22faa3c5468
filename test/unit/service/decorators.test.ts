import { describe, expect, it } from "vitest";
import {
  api,
  createClient,
  definitionOf,
  method,
  native,
  nativeOnly,
  service,
  t,
  trust,
} from "../../../src/index.js";

@service({ name: "Ledger", version: "2.1.0" })
@trust("decentralized")
@api("both")
class LedgerService {
  @method({
    parameters: [t.param("account", t.string()), t.param("limit", t.optional(t.uint8()))],
    result: t.array(t.string()),
    idempotent: true,
    timeoutMs: 500,
  })
  async entries(account: string, limit = 10): Promise<string[]> {
    return Array.from({ length: Math.min(limit, 2) }, () => account);
  }

  @api("ffi")
  @native({ linux: "libm.so.6", darwin: "libSystem.B.dylib" }, "double cos(double x)")
  cos(_x: number): number {
    return nativeOnly();
  }

  @api("http")
  @method({ parameters: [], result: t.void() })
  flush(): void {}

  undecorated(): string {
    return "not part of the service";
  }
}

describe("decorators", () => {
  it("make the same definition as defineService does", () => {
    const definition = definitionOf(LedgerService);
    expect(definition).toMatchObject({
      name: "Ledger",
      version: "2.1.0",
      api: "both",
      trust: "decentralized",
    });
    expect(Object.keys(definition.methods)).toEqual(["entries", "cos", "flush"]);
    expect(definition.methods.entries).toMatchObject({
      api: "both",
      idempotent: true,
      timeoutMs: 500,
      parameters: [{ name: "account" }, { name: "limit", optional: true }],
    });
    expect(definition.methods.cos).toMatchObject({
      api: "ffi",
      native: { library: { linux: "libm.so.6" }, declaration: "double cos(double x)" },
      parameters: [{ name: "x", schema: { "x-kind": "float64" } }],
    });
    expect(definition.methods.flush?.api).toBe("http");
    expect(definitionOf(new LedgerService())).toBe(definition);
  });

  it("need no @service: the class's name is the service's", () => {
    class Plain {
      @method({ parameters: [], result: t.null() })
      nothing(): null {
        return null;
      }
    }
    expect(definitionOf(Plain)).toMatchObject({ name: "Plain", version: "1.0.0", api: "both" });
  });

  it("are inherited, and the nearest wins; a name is not", () => {
    @api("http")
    class Derived extends LedgerService {
      @api("ffi")
      @native("libm.so.6", "double cos(double y)")
      override cos(_y: number): number {
        return nativeOnly();
      }
    }
    const definition = definitionOf(Derived);
    expect(definition).toMatchObject({
      name: "Derived",
      version: "2.1.0",
      api: "http",
      trust: "decentralized",
    });
    expect(definition.methods.entries?.api).toBe("http");
    expect(definition.methods.cos?.parameters[0]?.name).toBe("y");
  });

  it("say what to change when they are called as legacy decorators", () => {
    const legacy = /was called as a legacy decorator; remove experimentalDecorators/;
    const call = (decorator: unknown, ...args: unknown[]) => {
      return () => (decorator as (...args: unknown[]) => unknown)(...args);
    };
    const prototype = LedgerService.prototype;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, "flush");
    const onMethod = method({ parameters: [], result: t.void() });
    expect(call(onMethod, prototype, "flush", descriptor)).toThrow(legacy);
    expect(call(api("http"), prototype, "flush", descriptor)).toThrow(legacy);
    expect(call(native("x", "int x(void)"), prototype, "flush", descriptor)).toThrow(legacy);
    expect(call(service(), LedgerService)).toThrow(legacy);
    expect(call(trust("hybrid"), LedgerService)).toThrow(legacy);
  });

  it("refuse members that cannot be methods of a service", () => {
    expect(() => {
      class Static {
        kept = 1;
        @method({ parameters: [], result: t.null() })
        static nothing(): null {
          return null;
        }
      }
      return Static;
    }).toThrow("@method is for public methods of an instance, not for the static method nothing");
    expect(() => {
      class Private {
        @method({ parameters: [], result: t.null() })
        #nothing(): null {
          return null;
        }
        call(): null {
          return this.#nothing();
        }
      }
      return Private;
    }).toThrow(/not for the private method #nothing$/);
  });
});

describe("what is no service", () => {
  it.each([undefined, null, 5, "Ledger", {}, () => 1])("is told: %s", (source) => {
    expect(() => createClient(source as object)).toThrow(
      /is not a service|service must be a decorated class/,
    );
  });
});
