import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  api,
  defineService,
  definitionOf,
  definitionsFromJson,
  definitionsToJson,
  method,
  native,
  openApi,
  parseServices,
  printServices,
  service,
  t,
  trust,
} from "../../../src/index.js";
import { repositoryRoot } from "../../support/compile.js";

const line = t.object({ product: t.string({ minLength: 1 }), count: t.uint8() });

@service({ name: "Shop", version: "1.2.0" })
@api("both")
@trust("centralized")
class ShopService {
  @method({
    description: "Orders lines.",
    parameters: [t.param("lines", t.array(line)), t.param("note", t.optional(t.string()))],
    result: t.int64(),
    idempotent: true,
  })
  order(lines: { product: string; count: number }[], _note?: string): bigint {
    return BigInt(lines.length);
  }

  @api("http")
  @method({ parameters: [], result: t.stream(t.string()) })
  async *watch(): AsyncGenerator<string> {
    yield "open";
  }

  @native("libm.so.6", "double cos(double x)")
  cos(x: number): number {
    return Math.cos(x);
  }

  @native({ linux: "libm.so.6" }, "double sin(double x)", { async: true, serialize: true })
  sin(x: number): number {
    return Math.sin(x);
  }
}

const defined = defineService({
  name: "Shop",
  version: "1.2.0",
  api: "both",
  trust: "centralized",
  methods: {
    order: {
      description: "Orders lines.",
      parameters: [t.param("lines", t.array(line)), t.param("note", t.optional(t.string()))],
      result: t.int64(),
      idempotent: true,
    },
    watch: { api: "http", parameters: [], result: t.stream(t.string()) },
    cos: { native: { library: "libm.so.6", declaration: "double cos(double x)" } },
    sin: {
      native: {
        library: { linux: "libm.so.6" },
        declaration: "double sin(double x)",
        async: true,
        serialize: true,
      },
    },
  },
});

const text = `
  @api("both") @trust("centralized") @version("1.2.0")
  service Shop {
    /// Orders lines.
    @idempotent
    fn order(lines: { product: string(minLength: 1), count: uint8 }[], note?: string) -> int64;
    @api("http") fn watch() -> stream string;
    @native("libm.so.6", "double cos(double x)") fn cos;
    @native(linux: "libm.so.6", "double sin(double x)", async, serialize) fn sin;
  }`;

describe("decorators, defineService, JSON and text", () => {
  it("give the same definition and the same OpenAPI document", () => {
    const json: unknown = JSON.parse(JSON.stringify(definitionsToJson([defined])));
    const [fromJson] = definitionsFromJson(json);
    const [fromText] = parseServices(text);
    const [printed] = parseServices(printServices([defined]));
    for (const other of [ShopService, fromJson, fromText, printed]) {
      if (other === undefined) throw new Error("a service was written");
      expect(definitionOf(other)).toEqual(defined.definition);
      expect(openApi([other])).toEqual(openApi([defined]));
    }
  });
});

describe("decorators that TypeScript has compiled with experimentalDecorators", () => {
  it("say what to change", () => {
    const parent = join(repositoryRoot, "out");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(join(parent, "legacy-"));
    try {
      writeFileSync(
        join(folder, "legacy.mts"),
        `// @ts-nocheck
         import { method, t } from "nearfar";
         class Old {
           @method({ parameters: [], result: t.null() })
           nothing() { return null; }
         }
         console.log(Old);`,
      );
      const tsc = join(repositoryRoot, "node_modules", "typescript", "bin", "tsc");
      const options = ["--module", "nodenext", "--target", "es2022", "--skipLibCheck"];
      const legacy = ["--experimentalDecorators", "--ignoreConfig", "--types", "node"];
      const run = (args: readonly string[]) =>
        spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      expect(run([tsc, ...options, ...legacy, "legacy.mts"]).stdout).toBe("");
      const { status, stderr } = run(["legacy.mjs"]);
      expect(status).toBe(1);
      expect(stderr).toContain(
        "TypeError: @method was called as a legacy decorator; " +
          "remove experimentalDecorators from tsconfig.json",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
