import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { suffix } from "../../../src/ffi/index.js";
import { packageVersion } from "../../../src/internal/version.js";
import { threadsLibrary } from "../../support/calls-library.js";
import { repositoryRoot } from "../../support/compile.js";
import { connectTo, HelperProcess, helperPath } from "./helper-client.js";

const hostileLibrary = join(repositoryRoot, "out", "fixtures", `libhostile.${suffix}`);
const directory = mkdtempSync(join(tmpdir(), "nearfar-"));
const socket = join(directory, "helper.sock");
afterAll(() => rmSync(directory, { recursive: true }));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(helperPath(), args, { encoding: "utf8", input: "" });
  return { status, stdout, stderr };
}

/** Loads the hostile library and begins a call of it. */
async function begin(helper: HelperProcess, name: string): Promise<void> {
  const { handle } = await helper.ask({ cmd: "load", path: hostileLibrary });
  const { sym_id } = await helper.ask({ cmd: "sym", handle, name, ret_type: "int" });
  helper.send({ cmd: "call", sym_id, args: [] });
}

describe("the command line", () => {
  test("without options it says in a line how to run it", () => {
    const { status, stdout, stderr } = run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^nearfar-helper: .*--server.*--socket.*\n$/);
  });

  test("the help names every option, the version those of package and protocol", () => {
    const { stdout } = run("--help");
    for (const name of ["--server", "--socket", "--log-level", "--compat", "--sandbox"]) {
      expect(stdout).toContain(name);
    }
    expect(run("--version").stdout).toBe(`nearfar-helper ${packageVersion}, protocol 1.0\n`);
  });

  test.each([
    [["--bogus"], "unknown option --bogus"],
    [["--server=yes"], "unknown option --server=yes"],
    [["server"], "unknown option server"],
    [["--socket"], "--socket needs a value"],
    [["--server", "--socket", "x"], "without --server"],
    [["--log-level", "loud"], "error, warn, info or debug, got loud"],
    [["--server", "--threads", "0"], "from 1 to 4096, got 0"],
    [["--server", "--max-line", "-1"], "a number of bytes"],
    [["--server", "--sandbox", "full"], "none, compute, read-only or network, got full"],
    [["--server", "--limit", "memory"], "--limit must be"],
    [["--server", "--limit", "memory=1T"], "--limit must be"],
    [["--server", "--limit", "memory=99999999999999G"], "--limit must be"],
    [["--socket", "x", "--sandbox", "compute"], "--sandbox needs --server"],
  ])("%j is wrong usage", (args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^nearfar-helper: .*\n$/);
    expect(stderr).toContain(message);
  });
});

describe("the log", () => {
  test.each([
    [[], {}, []],
    [["--log-level", "info"], {}, ["INFO"]],
    [[], { FFI_LOG_LEVEL: "info" }, ["INFO"]],
    [["--log-level=error"], { FFI_LOG_LEVEL: "debug" }, []],
    [[], { FFI_LOG_LEVEL: "debug" }, ["DEBUG", "INFO", "DEBUG"]],
    [[], { FFI_LOG_LEVEL: "loud" }, ["WARN"]],
    [[], { FFI_LOG_LEVEL: "" }, []],
  ])("with %j and %j has lines of the levels %j", async (args, env, levels) => {
    const helper = new HelperProcess(["--server", ...args], env);
    await helper.ask({ cmd: "load", path: "libm.so.6" });
    expect(await helper.close()).toBe(0);
    const lines = helper.stderr.split("\n").slice(0, -1);
    expect(lines.map((line) => /^ffi-helper: \[(\w+)\] .+$/.exec(line)?.[1])).toEqual(levels);
  });
});

describe("the end", () => {
  test("requests sent before the end of stdin are answered", () => {
    const input =
      '{"cmd":"ping","id":1}\n{"cmd":"strdup","value":"x","id":2}\n{"cmd":"ping","id":3}';
    const { status, stdout } = spawnSync(helperPath(), ["--server"], { encoding: "utf8", input });
    expect(status).toBe(0);
    const ids = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids.sort()).toEqual([1, 2, 3]);
  });

  test.runIf(process.platform === "linux")(
    "a helper ends with a parent that is killed, also in a call that does not end",
    async () => {
      const script = `
        const { spawn } = require("node:child_process");
        const stdio = ["pipe", "pipe", "ignore"];
        const helper = spawn(${JSON.stringify(helperPath())}, ["--server"], { stdio });
        let handle;
        helper.stdout.on("data", (data) => {
          const line = JSON.parse(data);
          const ask = (request) => helper.stdin.write(JSON.stringify(request) + "\\n");
          if (line.handle) ask({ cmd: "sym", handle: line.handle, name: "busy", ret_type: "int" });
          if (!line.sym_id) return;
          ask({ cmd: "call", sym_id: line.sym_id, args: [1000] });
          console.log(helper.pid);
        });
        helper.stdin.write(${JSON.stringify(`{"cmd":"load","path":"${hostileLibrary}"}\n`)});`;
      const parent = spawn(process.execPath, ["-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [output] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(output);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      parent.kill("SIGKILL");
      while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  );

  test("a crash is reported with signal and function, and ends the process by that signal", async () => {
    const helper = new HelperProcess();
    await begin(helper, "crash");
    expect(await helper.read()).toBeUndefined();
    expect(await helper.ended()).toBe("SIGSEGV");
    expect(helper.stderr).toBe("ffi-helper: [ERROR] SIGSEGV at 0x0000000000000008 in crash\n");
  });

  test("abort is a crash, too", async () => {
    const helper = new HelperProcess();
    await begin(helper, "abort_now");
    expect(await helper.ended()).toBe("SIGABRT");
    expect(helper.stderr).toBe("ffi-helper: [ERROR] SIGABRT in abort_now\n");
  });

  test("handles of one helper are unknown to the next", async () => {
    const first = new HelperProcess();
    const { mem_id } = await first.ask({ cmd: "alloc", size: 1 });
    await first.close();
    const second = new HelperProcess();
    await second.ask({ cmd: "alloc", size: 1 });
    const { error } = await second.request({ cmd: "free", mem_id });
    expect(error?.code).toBe("ERR_INVALID_MEM_ID");
    await second.close();
  });
});

describe("the original program's commands", () => {
  test("sleep and crash are there in its mode only", async () => {
    const plain = new HelperProcess();
    expect((await plain.request({ cmd: "crash" })).error?.code).toBe("ERR_UNKNOWN_CMD");
    expect((await plain.request({ cmd: "sleep", ms: 1 })).error?.code).toBe("ERR_UNKNOWN_CMD");
    await plain.ask({ cmd: "handshake", version: "1.0", compat: true });
    expect((await plain.request({ cmd: "sleep", ms: 1 })).ok).toBe(true);
    plain.send({ cmd: "crash" });
    expect(await plain.ended()).toBe("SIGABRT");
  });

  test("its names of parameters and its markers are understood", async () => {
    const helper = new HelperProcess(["--server", "--compat"]);
    const load = await helper.ask({ cmd: "load", path: hostileLibrary });
    const { handle } = load.result as { handle: string };
    const sym = { cmd: "sym", handle, symbol: "allocate", rtype: "pointer" };
    const { sym_id } = (await helper.ask(sym)).result as { sym_id: string };
    const { result } = await helper.ask({ cmd: "call", symbol: sym_id, args: [8] });
    expect(result).toEqual({ __ptrid__: expect.any(String) });
    const fill = { cmd: "sym", handle, symbol: "fill", rtype: "void" };
    const filler = (await helper.ask(fill)).result as { sym_id: string };
    await helper.ask({ cmd: "call", symbol: filler.sym_id, args: [result, 8] });
    const { mem_id } = (await helper.ask({ cmd: "strdup", data: "abc" })).result as {
      mem_id: string;
    };
    const data = { __bytes__: "eHk=" };
    await helper.ask({ cmd: "mem_write", mem_id, offset: 0, data });
    const read = await helper.ask({ cmd: "mem_read", mem_id, offset: 0, len: 3 });
    expect(read.result).toEqual({ data: { __bytes__: "eHlj" } });
    await helper.close();
  });
});

describe.runIf(process.platform !== "win32")("the socket", () => {
  test("clients have handles of their own, and come and go", async () => {
    const helper = new HelperProcess(["--socket", socket]);
    const first = await connectTo(socket);
    const second = await connectTo(socket);
    const { mem_id } = await first.ask({ cmd: "alloc", size: 1 });
    const { error } = await second.request({ cmd: "free", mem_id });
    expect(error?.code).toBe("ERR_INVALID_MEM_ID");
    first.close();
    expect((await second.ask({ cmd: "ping" })).ok).toBe(true);
    second.close();
    helper.end(); // The end of its stdin ends it.
    expect(await helper.ended()).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  test("a call that outlives its client answers nobody else", async () => {
    const helper = new HelperProcess(["--socket", socket]);
    const first = await connectTo(socket);
    const { handle } = await first.ask({ cmd: "load", path: threadsLibrary });
    const wait = { cmd: "sym", handle, name: "wait_at_gate", ret_type: "int" };
    first.send({ cmd: "call", sym_id: (await first.ask(wait)).sym_id, args: [1] });
    first.close();
    const second = await connectTo(socket);
    const own = (await second.ask({ cmd: "load", path: threadsLibrary })).handle;
    const symbol = async (name: string, ret_type: string) =>
      (await second.ask({ cmd: "sym", handle: own, name, ret_type })).sym_id;
    const waiting = await symbol("waiting_at_gate", "int");
    const open = await symbol("set_gate", "void");
    const count = () => second.ask({ cmd: "call", sym_id: waiting, args: [] });
    while ((await count()).result !== 1);
    await second.ask({ cmd: "call", sym_id: open, args: [1] });
    while ((await count()).result !== 0);
    for (let id = 0; id < 20; id++) {
      expect(await second.request({ cmd: "ping", id })).toEqual({ ok: true, id });
    }
    second.close();
    helper.end();
    await helper.ended();
  });

  test("it takes the place of one that was killed, not of one that lives", async () => {
    const killed = new HelperProcess(["--socket", socket]);
    (await connectTo(socket)).close();
    const refused = new HelperProcess(["--socket", socket]);
    expect(await refused.ended()).toBe(1);
    expect(refused.stderr).toContain("cannot listen");
    killed.child.kill("SIGKILL");
    await killed.ended();
    expect(existsSync(socket)).toBe(true);
    const next = new HelperProcess(["--socket", socket]);
    const client = await connectTo(socket);
    expect((await client.ask({ cmd: "ping" })).ok).toBe(true);
    client.close();
    next.child.kill("SIGTERM");
    expect(await next.ended()).toBe(143);
    expect(existsSync(socket)).toBe(false);
  });

  test("a path that is too long is refused", () => {
    const { status, stderr } = run("--socket", `/tmp/${"x".repeat(200)}`);
    expect(status).toBe(1);
    expect(stderr).toContain("--socket");
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
