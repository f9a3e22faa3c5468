import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suffix } from "../../../src/ffi/index.js";
import { repositoryRoot } from "../../support/compile.js";
import { HelperProcess, helperPath, type Line } from "./helper-client.js";

const { EPERM, EACCES, ECONNREFUSED } = constants.errno;
const hostileLibrary = join(repositoryRoot, "out", "fixtures", `libhostile.${suffix}`);
const directory = mkdtempSync(join(tmpdir(), "nearfar-"));
const readable = join(directory, "readable");
const secret = join(tmpdir(), `nearfar-secret-${process.pid}`);
const server = createServer((socket) => socket.destroy());
let port = 0;

beforeAll(async () => {
  writeFileSync(readable, "may be read");
  writeFileSync(secret, "may not");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address !== null && typeof address === "object") port = address.port;
});

afterAll(() => {
  rmSync(directory, { recursive: true });
  rmSync(secret);
  server.close();
});

/** A helper with the hostile library loaded. */
async function start(...args: readonly string[]) {
  const helper = new HelperProcess(["--server", ...args]);
  const { handle } = await helper.ask({ cmd: "load", path: hostileLibrary });
  return {
    helper,
    async send(name: string, arg_types: readonly string[], ...given: readonly unknown[]) {
      const sym = { cmd: "sym", handle, name, ret_type: "int", arg_types };
      const { sym_id } = await helper.ask(sym);
      helper.send({ cmd: "call", sym_id, args: given });
    },
    async call(name: string, arg_types: readonly string[], ...given: readonly unknown[]) {
      await this.send(name, arg_types, ...given);
      return ((await helper.read()) as Line).result;
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

const { stdout } = spawnSync(helperPath(), ["--sandbox-support"], { encoding: "utf8" });
const support = JSON.parse(stdout) as { readonly missing: Readonly<Record<string, string | null>> };
const onLinux = describe.runIf(process.platform === "linux");
/**
 * Kernels without Landlock or seccomp refuse the profiles that need them, which is tested below.
 */
const describeProfile = (profile: string) => describe.runIf(support.missing[profile] === null);

test.each(Object.entries(support.missing))(
  "the profile %s starts, or says what the kernel lacks (%s)",
  async (profile, missing) => {
    const helper = new HelperProcess(["--server", "--sandbox", profile]);
    expect(await helper.close()).toBe(missing === null ? 0 : 1);
    expect(helper.stderr).toContain(missing === null ? "" : missing);
  },
);

describeProfile("compute")("compute", () => {
  let hostile: Started;
  beforeAll(async () => {
    hostile = await start("--sandbox", "compute");
  });
  afterAll(async () => {
    expect(await hostile.helper.close()).toBe(0);
  });

  test("computing, memory, threads and time are left", async () => {
    expect(await hostile.call("given_back", [])).toBe(0);
    expect(await hostile.call("start_thread", [])).toBe(0);
    expect(await hostile.call("sleep_ms", ["int"], 1)).toBe(0);
    expect(await hostile.call("allocate", ["uint64"], 1_000_000)).not.toBe(0);
  });

  test.each([
    ["open_file", ["string"], [readable]],
    ["create_file", ["string"], [join(directory, "new")]],
    ["connect_to", ["int"], [1]],
    ["fork_child", [], []],
    ["execute", ["string"], ["/bin/true"]],
    ["trace_parent", [], []],
    ["kill_parent", [], []],
  ])("%s is refused", async (name, types, args) => {
    expect(await hostile.call(name, types, ...args)).toBe(-EPERM);
  });

  test("the client's descriptors are nobody else's", async () => {
    for (const file of [100, 101]) {
      expect(await hostile.call("write_to", ["int"], file)).toBe(-EPERM);
      expect(await hostile.call("copy_of", ["int"], file)).toBe(-EPERM);
    }
    expect(await hostile.helper.request({ cmd: "ping", id: 1 })).toEqual({ ok: true, id: 1 });
  });

  test("what was refused is told, with paths and in the log", async () => {
    const { profile, entered, refused } = await hostile.helper.ask({ cmd: "sandbox" });
    expect({ profile, entered }).toEqual({ profile: "compute", entered: true });
    expect(refused).toContainEqual({ operation: "openat", detail: readable, count: 1 });
    expect(refused).toContainEqual({ operation: "execve", detail: "/bin/true", count: 1 });
    expect(refused).toContainEqual({ operation: "ptrace", detail: "", count: 1 });
    expect(hostile.helper.stderr).toContain(
      `ffi-helper: [WARN] the sandbox refused openat ${readable} in open_file\n`,
    );
    expect(existsSync(join(directory, "new"))).toBe(false);
  });

  test("no library is loaded any more", async () => {
    const answer = await hostile.helper.request({ cmd: "load", path: "libz.so.1" });
    expect(answer.error?.code).toBe("ERR_DLOPEN_FAILED");
  });
});

describeProfile("read-only")("read-only", () => {
  test("named paths can be read, nothing else, and nothing is written", async () => {
    const hostile = await start("--sandbox", "read-only", "--allow-read", directory);
    expect(await hostile.call("open_file", ["string"], readable)).toBeGreaterThanOrEqual(0);
    expect(await hostile.call("open_file", ["string"], secret)).toBe(-EACCES);
    expect(await hostile.call("open_file", ["string"], "/etc/passwd")).toBe(-EACCES);
    expect(await hostile.call("create_file", ["string"], join(directory, "new"))).toBe(-EPERM);
    expect(await hostile.call("connect_to", ["int"], port)).toBe(-EPERM);
    expect(await hostile.call("fork_child", [])).toBe(-EPERM);
    expect(await hostile.helper.close()).toBe(0);
  });

  test("a path that is not there is refused at the start", async () => {
    const helper = new HelperProcess([
      "--server",
      "--sandbox",
      "read-only",
      "--allow-read",
      join(directory, "missing"),
    ]);
    expect(await helper.ended()).toBe(1);
    expect(helper.stderr).toContain("--allow-read");
  });
});

describeProfile("network")("network", () => {
  test("hosts can be reached, files cannot", async () => {
    const hostile = await start("--sandbox", "network");
    expect(await hostile.call("connect_to", ["int"], port)).toBe(0);
    expect(await hostile.call("connect_to", ["int"], 1)).toBe(-ECONNREFUSED);
    expect(await hostile.call("open_file", ["string"], secret)).toBe(-EACCES);
    expect(await hostile.call("execute", ["string"], "/bin/true")).toBe(-EPERM);
    expect(await hostile.helper.close()).toBe(0);
  });

  test("the lists of where libraries lie can be read: glibc's and musl's", async () => {
    const lists = [
      "/etc/ld.so.cache",
      "/etc/ld-musl-x86_64.path",
      "/etc/ld-musl-aarch64.path",
    ].filter((path) => existsSync(path));
    const hostile = await start("--sandbox", "network");
    for (const list of lists) {
      expect(await hostile.call("open_file", ["string"], list), list).toBeGreaterThanOrEqual(0);
    }
    expect(await hostile.helper.close()).toBe(0);
  });
});

onLinux("limits", () => {
  test("2 GiB are more than there is by default", async () => {
    const hostile = await start();
    expect(await hostile.call("allocate", ["uint64"], 2 ** 31)).toBe(0);
    expect(await hostile.helper.close()).toBe(0);
  });

  test("memory can be limited further", async () => {
    const hostile = await start("--limit", "memory=256M,core=0");
    expect(await hostile.call("allocate", ["uint64"], 300_000_000)).toBe(0);
    expect(await hostile.call("allocate", ["uint64"], 1_000_000)).not.toBe(0);
    expect(await hostile.helper.close()).toBe(0);
  });

  test("a library that computes for longer than it may is ended", async () => {
    const hostile = await start("--limit", "cpu=1");
    await hostile.send("busy", ["int"], 10);
    expect(await hostile.helper.read()).toBeUndefined();
    expect(["SIGXCPU", "SIGKILL"]).toContain(await hostile.helper.ended());
  });

  test("files beyond the limit are not opened", async () => {
    const hostile = await start("--limit", "files=104");
    const last = [];
    for (let count = 0; count < 110; count++) {
      last.push(await hostile.call("copy_of", ["int"], 2));
    }
    expect(last.at(-1)).toBe(-constants.errno.EMFILE);
    expect(await hostile.helper.close()).toBe(0);
  });
});

onLinux("without a profile", () => {
  test("a library may do what the user may, and what it prints is not among the answers", async () => {
    const hostile = await start();
    expect(await hostile.call("open_file", ["string"], secret)).toBeGreaterThanOrEqual(0);
    expect(await hostile.call("fork_child", [])).toBe(1);
    expect(await hostile.call("write_to", ["int"], 1)).toBe(8);
    expect(await hostile.helper.close()).toBe(0);
    expect(hostile.helper.stderr).toBe("garbage\n");
  });
});
