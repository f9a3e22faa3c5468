import { describe, expect, it } from "vitest";
import {
  type DefinedService,
  defineService,
  definitionOf,
  definitionsFromJson,
  definitionsToJson,
  type Isolation,
  native,
  nativeOnly,
  parseServices,
  printServices,
} from "../../../src/index.js";
import { Isolate } from "../../../src/isolate/index.js";

const COS = { library: "libm.so.6", declaration: "double cos(double x)" } as const;
const options = { timeoutMs: 500, sandbox: { profile: "compute", limits: { files: 9 } } } as const;

function serviceWith(isolate: Isolation | undefined) {
  return defineService({
    name: "Apart",
    api: "ffi",
    methods: { cos: { native: isolate === undefined ? COS : { ...COS, isolate } } },
  });
}

/** Stored and read again: as JSON, and as text. */
const stores: Record<string, (service: DefinedService<unknown>) => unknown> = {
  JSON: (service) => definitionsFromJson(definitionsToJson([service]))[0]?.definition,
  text: (service) => parseServices(printServices([service]))[0]?.definition,
};

describe("isolate in a definition", () => {
  it.each([true, false, {}, options, undefined])("is kept: %j", (isolate) => {
    const service = serviceWith(isolate);
    expect(service.definition.methods.cos?.native).toEqual(
      isolate === undefined ? COS : { ...COS, isolate },
    );
    for (const stored of Object.values(stores)) expect(stored(service)).toEqual(service.definition);
  });

  it("of an Isolate is stored as its options, so that no sandbox is lost", () => {
    using isolate = new Isolate(options);
    const service = serviceWith(isolate);
    expect(service.definition.methods.cos?.native).toEqual({ ...COS, isolate });
    const expected = serviceWith(options).definition;
    for (const stored of Object.values(stores)) expect(stored(service)).toEqual(expected);
    expect(isolate.processIds).toEqual([]);
  });

  it("is said to the decorator as a third argument", () => {
    class Apart {
      @native("libm.so.6", "double cos(double x)", { isolate: options })
      cos(_x: number): number {
        return nativeOnly();
      }
    }
    const { methods } = serviceWith(options).definition;
    expect(definitionOf(Apart).methods.cos?.native).toEqual(methods.cos?.native);
  });

  it("stands by name in a text, before or after the strings", () => {
    const [service] = parseServices(`
      @api("ffi")
      service Apart {
        @native(isolate: { "timeoutMs": 500, }, linux: "libm.so.6", "double cos(double x)")
        fn cos;
      }`);
    expect(service?.definition.methods.cos?.native).toEqual({
      library: { linux: "libm.so.6" },
      declaration: COS.declaration,
      isolate: { timeoutMs: 500 },
    });
  });

  it.each<[unknown, string]>([
    ["yes", "native.isolate of Apart.cos must be true, false, options or an Isolate, got a string"],
    [5, "native.isolate of Apart.cos must be true, false, options or an Isolate, got 5"],
    [null, "native.isolate of Apart.cos must be true, false, options or an Isolate, got null"],
    [{ timeout: 5 }, 'native.isolate of Apart.cos has no option "timeout"'],
    [{ processes: 0 }, "native.isolate of Apart.cos.processes must be an integer from 1 to 64"],
    [{ repeatWaiting: 1 }, "native.isolate of Apart.cos.repeatWaiting must be true or false"],
  ])("is refused: %j", (isolate, message) => {
    expect(() => serviceWith(isolate as Isolation)).toThrow(message);
  });

  it("is refused for the libraries of this package", () => {
    const native = { library: "nearfar:crypto", symbol: "hash_data", isolate: true } as const;
    const json = {
      name: "S",
      methods: { m: { parameters: [], result: { type: "string" }, native } },
    };
    expect(() => definitionsFromJson(json)).toThrow(
      "native.isolate of S.m must be absent: libraries of this package are not isolated",
    );
    const text = `service S { @native("nearfar:crypto", "hash_data", isolate: true) fn m() -> string; }`;
    expect(() => parseServices(text)).toThrow(
      "@native with isolate is for C functions of libraries",
    );
  });
});
