import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

const helloHash = "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f";

/** Runs a program to its end; `env` is added to this process's. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const options = {
    cwd: repositoryRoot,
    encoding: "utf8",
    env: { ...process.env, ...env },
  } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, stderr, lines: stdout.trimEnd().split("\n") };
}

const example = (name: string) => join("examples", name);

describe("near-and-far.mjs", () => {
  it("gives the same hash both ways, and each verifies the other's signature", () => {
    const { status, stderr, lines } = run(process.execPath, [example("near-and-far.mjs")]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(lines).toEqual([
      "near goes near",
      `near hash ${helloHash}`,
      "far goes far",
      `far hash ${helloHash}`,
      "near signed, far verifies: true",
    ]);
  });
});

describe("aside.mjs", () => {
  it.skipIf(process.platform !== "linux")("gives the same three ways, and outlives a crash", () => {
    const { status, stderr, lines } = run(process.execPath, [example("aside.mjs")]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const crash = "UNAVAILABLE the helper process was ended by SIGKILL in raise";
    expect(lines).toEqual([
      "near goes near 6",
      "aside goes aside 6",
      "far goes far 6",
      `aside ${crash}`,
      "aside 5 10",
      `far ${crash}`,
      "far 5 10",
    ]);
  });
});

describe("plain-javascript.mjs", () => {
  it.each([
    ["with native code", {}, "hypotenuse goes near"],
    ["without native code", { NEARFAR_NATIVE: "off" }, "hypotenuse goes far"],
  ])("runs %s", (_title, env, route) => {
    const { status, stderr, lines } = run(process.execPath, [example("plain-javascript.mjs")], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(lines[0]).toContain(route);
    expect(lines[1]).toContain("area goes far");
    expect(lines.slice(2)).toEqual(["hypotenuse 5", `area ${Math.PI}`]);
  });
});

describe("fastify.mjs", () => {
  it("mounts a service next to an application's own routes", () => {
    const { status, stderr, lines } = run(process.execPath, [example("fastify.mjs")]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(lines).toEqual(["the application's own", helloHash]);
  });
});

describe("three-interfaces.ts", () => {
  it("compiles with tsc and takes the three ways", () => {
    const tsc = join("node_modules", "typescript", "bin", "tsc");
    const compiled = run(process.execPath, [tsc, "-p", "examples"]);
    expect(compiled).toMatchObject({ status: 0, lines: [""] });
    const program = join("out", "examples", "three-interfaces.js");
    const { status, stderr, lines } = run(process.execPath, [program]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(lines).toEqual([
      `root near ${Math.SQRT2}`,
      "high_frequency near 1024",
      "distributed far stored a row",
      "without a promise 3",
    ]);
  });
});

describe("nest-style.ts", () => {
  it("serves an instance that was made with what it needs", () => {
    const tsc = join("node_modules", "typescript", "bin", "tsc");
    expect(run(process.execPath, [tsc, "-p", "examples"])).toMatchObject({ status: 0 });
    const { status, stderr, lines } = run(process.execPath, ["out/examples/nest-style.js"]);
    expect({ status, stderr, lines }).toEqual({ status: 0, stderr: "", lines: ["3"] });
  });
});

describe("the REST endpoint", () => {
  let server: ReturnType<typeof spawn>;
  let url = "";

  beforeAll(async () => {
    const cli = join(repositoryRoot, "dist", "cli", "main.js");
    server = spawn(process.execPath, [cli, "serve", "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    url = await new Promise<string>((resolve, reject) => {
      let text = "";
      server.stdout?.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
        if (found) resolve(found[0]);
      });
      server.once("exit", (code) => reject(new Error(`nearfar serve ended with ${code}`)));
    });
  });
  afterAll(async () => {
    server.kill();
    await new Promise((resolve) => server.once("close", resolve));
  });

  it("answers fetch", () => {
    const { lines } = run(process.execPath, [example("rest-fetch.mjs"), url]);
    expect(lines).toEqual([helloHash, helloHash, "INVALID_ARGUMENT"]);
  });

  it.each([
    ["curl", "sh", "rest-curl.sh", `"${helloHash}"`],
    ["Python's standard library", "python3", "rest_python.py", helloHash],
  ])("answers %s", (_title, command, file, expected) => {
    expect(run(command, [example(file), url]).lines).toEqual([expected]);
  });
});
