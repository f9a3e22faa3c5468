import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

const moduleOf = (name: string) =>
  pathToFileURL(join(repositoryRoot, "docs", "site", `${name}.mjs`)).href;
const { siteProblems } = (await import(moduleOf("check-site"))) as {
  siteProblems(folder: string, base: string): string[];
};
const { serveFolder } = (await import(moduleOf("serve"))) as {
  serveFolder(folder: string, base: string, port: number): Promise<Server>;
};

const parent = mkdtempSync(join(tmpdir(), "nearfar-site-output-"));
afterAll(() => rmSync(parent, { recursive: true }));

function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(parent, folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return join(parent, folder);
}

describe("the check of the built site", () => {
  it("finds nothing where every link leads to a file and an element of it", () => {
    const folder = write("good", {
      "index.html": '<a href="/docs/guide/a.html#part">a</a><a href="https://example.com">b</a>',
      "guide/a.html": '<h2 id="part">Part</h2><a href="#part">c</a><a href="/docs/">d</a>',
      "style.css": "a { background: url(data:image/png;base64,AA==) }",
    });
    expect(siteProblems(folder, "/docs/")).toEqual([]);
  });

  it.each([
    ['<a class="x" href="/gone.html">', "index.html: /gone.html leads nowhere"],
    ['<a href="gone.html">', "index.html: gone.html leads nowhere"],
    ['<a href="#gone">', "index.html: #gone leads to no heading"],
    ['<img src="https://example.com/a.png">', "index.html: loads https://example.com/a.png"],
    ['<script src="//example.com/a.js">', "index.html: loads //example.com/a.js"],
    ['<link rel="preload" href="http://example.com/a">', "index.html: loads http://example.com/a"],
  ])("tells of %s", (tag, problem) => {
    expect(siteProblems(write("bad", { "index.html": tag }), "/")).toEqual([problem]);
  });

  it("tells of a style that loads a font from elsewhere", () => {
    const folder = write("style", { "a.css": '@font-face { src: url("https://example.com/f") }' });
    expect(siteProblems(folder, "/")).toHaveLength(1);
  });
});

describe("the preview of the site", () => {
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    write("served", { "secret.txt": "outside" });
    const folder = write("served/site", {
      "index.html": "<p>first</p>",
      "a/index.html": "<p>a</p>",
    });
    server = await serveFolder(folder, "/base/", 0);
    const { address, port } = server.address() as AddressInfo;
    expect(address).toBe("127.0.0.1");
    origin = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    server.close();
    await once(server, "close");
  });

  it.each([
    ["/base/", "<p>first</p>"],
    ["/base/a/", "<p>a</p>"],
    ["/base/a/index.html?query", "<p>a</p>"],
  ])("answers %s with its file", async (path, text) => {
    const response = await fetch(`${origin}${path}`, { headers: { connection: "close" } });
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await response.text()).toBe(text);
  });

  it.each(["/", "/base/gone.html", "/base/a", "/base/..%2fsecret.txt", "/base/%"])(
    "answers %s with 404",
    async (path) => {
      const response = await fetch(`${origin}${path}`, { headers: { connection: "close" } });
      expect(response.status).toBe(404);
      expect(await response.text()).toBe("not found\n");
    },
  );
});
