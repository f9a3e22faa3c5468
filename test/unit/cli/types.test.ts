import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitionsToJson, implementService, parseServices } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { nearfar, root } from "./run.js";

const TEXT = `@version("1.2.0")
service Shop {
  /// Orders */ lines.
  fn order(lines: { product: string, count?: uint8(description: "How many.") }[], id: int64) -> uint64;
  fn tree(root: { value: number, kids: ref("my.tree")[] }($id: "my.tree")) -> uint8 | null;
  fn at(when: datetime, default: enum("a", "b", 3) = "a") -> { "of day": time, extra: map<any> };
  fn watch(from?: integer) -> stream string;
  fn upload(parts: stream bytes);
  fn data(data: data, ratio: float64) -> bytes | "none";
  fn raw(value: schema({"x-kind": "standard", "oneOf": [{"type": "string"}, {"prefixItems": [{"type": "null"}]}]}));
  @native("libm.so.6", "double cos(double x)") fn cos;
}
`;

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  // Inside of the package, so that "nearfar" is found.
  mkdirSync(join(root, "out"), { recursive: true });
  folder = mkdtempSync(join(root, "out", "types-"));
  writeFileSync(file("shop.near"), TEXT);
  writeFileSync(file("shop.json"), JSON.stringify(definitionsToJson(parseServices(TEXT))));
});
afterAll(() => rmSync(folder, { recursive: true }));

function compile(source: string): string {
  writeFileSync(file("use.ts"), source);
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["--strict", "--exactOptionalPropertyTypes", "--module", "nodenext", "--noEmit"];
  const args = [
    tsc,
    ...options,
    "--target",
    "es2022",
    "--types",
    "node",
    "--ignoreConfig",
    "use.ts",
  ];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
}

describe("nearfar types", () => {
  it("writes declarations that compile in a strict project, and hold callers to them", async () => {
    const outcome = await nearfar(["types", file("shop.near"), "--out", file("shop")]);
    expect(outcome).toEqual({
      status: 0,
      stdout: `wrote ${file("shop.js")}\nwrote ${file("shop.d.ts")}\n`,
      stderr: "",
    });
    const declarations = readFileSync(file("shop.d.ts"), "utf8");
    expect(declarations).toContain("  /** Orders *\\/ lines. */\n  order(");
    expect(
      compile(`
        import { createShopClient, type MyTree } from "./shop.js";
        const shop = createShopClient({ baseUrl: "http://127.0.0.1:1" });
        const total: Promise<bigint> = shop.order([{ product: "tea" }], 5);
        const root: MyTree = { value: 1, kids: [{ value: 2, kids: [] }] };
        const tree: Promise<number | null> = shop.tree(root);
        const day: Promise<string> = shop.at(new Date(), 3).then((given) => given["of day"]);
        const lines: AsyncIterable<string> = shop.watch();
        const nothing: Promise<void> = shop.upload([new Uint8Array(1)]);
        const bytes: Promise<Uint8Array | "none"> = shop.data("text", 0.5);
        void shop.raw([null]);
        const cosine: number | undefined = shop.$native.cos?.(1);
        // @ts-expect-error the identifier is missing
        void shop.order([]);
        // @ts-expect-error a number is no product
        void shop.order([{ product: 5 }], 1);
        // @ts-expect-error no such value
        void shop.at(new Date(), "c");
        // @ts-expect-error a number is neither
        void shop.raw(5);
        // @ts-expect-error no such method
        void shop.ordr();
        export { bytes, cosine, day, lines, nothing, total, tree };
      `),
    ).toBe("");
  });

  it("writes a client that runs", async () => {
    await nearfar(["types", file("shop.near"), "--out", file("running.ts")]);
    const module = (await import(
      pathToFileURL(file("running.js")).href
    )) as typeof import("./types-shop.js");
    const [Shop] = parseServices(TEXT);
    if (Shop === undefined) throw new Error("a service was written");
    const handlers = { order: (_: unknown, id: bigint) => id + 1n };
    const server = createServer({ services: [implementService(Shop, handlers)] });
    const { url } = await server.listen();
    await using client = module.createShopClient({ baseUrl: url });
    expect(await client.order([{ product: "tea", count: 1 }], 41)).toBe(42n);
    expect(client.$routes.cos.reason).toBe("native function in libm.so.6");
    await server.close();
  });

  it("reads JSON, modules and running servers", async () => {
    const { stdout: ofText } = await nearfar(["types", file("shop.near")]);
    expect((await nearfar(["types", file("shop.json")])).stdout).toBe(ofText);
    writeFileSync(
      file("module.mjs"),
      `import { parseServices } from "nearfar";
       export const [Shop] = parseServices(${JSON.stringify(TEXT)});`,
    );
    expect((await nearfar(["types", file("module.mjs")])).stdout).toBe(ofText);
    const server = createServer({ services: parseServices(TEXT) });
    const { url } = await server.listen();
    expect((await nearfar(["types", url])).stdout).toBe(ofText);
    await server.close();
    const outcome = await nearfar(["types", url]);
    expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining("ECONNREFUSED") });
  });

  it.skipIf(process.platform === "win32")("reads servers at Unix sockets", async () => {
    // Paths of sockets are short.
    const sockets = mkdtempSync(join(tmpdir(), "nearfar-types-"));
    const socketPath = join(sockets, "s.sock");
    const server = createServer({ services: parseServices(TEXT), socketPath });
    const { url } = await server.listen();
    const { stdout: ofText } = await nearfar(["types", file("shop.near")]);
    expect((await nearfar(["types", url])).stdout).toBe(ofText);
    await server.close();
    const { status, stderr } = await nearfar(["types", url]);
    rmSync(sockets, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toContain(`/openapi.json of unix:${socketPath} cannot be read: `);
  });

  it("tells where a definition is wrong, and what a server lacks", async () => {
    writeFileSync(file("bad.near"), "service Shop {\n  fn m(a: strng);\n}");
    const bad = await nearfar(["types", file("bad.near")]);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain(`${file("bad.near")}:2:11: unknown type "strng"`);
    const server = createServer({ services: parseServices(TEXT), openApi: false });
    const { url } = await server.listen();
    const { status, stderr } = await nearfar(["types", url]);
    await server.close();
    expect(status).toBe(2);
    expect(stderr).toContain(`${url}/openapi.json answered 404; a server has it unless`);
  });
});

describe("nearfar schema diff", () => {
  it("compares definition texts with each other and with JSON", async () => {
    writeFileSync(file("next.near"), TEXT.replace("id: int64", "id: int64, note?: string"));
    const { status, stdout } = await nearfar([
      "schema",
      "diff",
      file("shop.json"),
      file("next.near"),
    ]);
    expect(stdout).toBe("fits     order(note)  is new\na minor change\n");
    expect(status).toBe(1);
  });
});
