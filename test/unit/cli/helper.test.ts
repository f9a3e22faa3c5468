import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { suffix } from "../../../src/ffi/index.js";
import { helperPath } from "../helper/helper-client.js";
import { nearfar, root } from "./run.js";

const hostileLibrary = join(root, "out", "fixtures", `libhostile.${suffix}`);

describe("nearfar helper", () => {
  test("--where prints the path of the executable", async () => {
    const { status, stdout } = await nearfar(["helper", "--where"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${helperPath()}\n` });
  });

  test("runs it with its own options, streams and exit code", async () => {
    const input = '{"cmd":"ping","id":1}\n';
    const args = ["helper", "--server", "--log-level", "debug"];
    const { status, stdout, stderr } = await nearfar(args, { input });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '{"ok":true,"id":1}\n' });
    expect(stderr).toContain("ffi-helper: [DEBUG] request");
    expect((await nearfar(["helper", "--bogus"])).status).toBe(2);
  });

  test("NEARFAR_HELPER names another", async () => {
    const env = { NEARFAR_HELPER: "/elsewhere/nearfar-helper" };
    const { stdout } = await nearfar(["helper", "--where"], { env });
    expect(stdout).toBe("/elsewhere/nearfar-helper\n");
  });
});

describe.runIf(process.platform === "linux")("nearfar isolate run", () => {
  const run = (declaration: string, ...args: readonly string[]) =>
    nearfar(["isolate", "run", hostileLibrary, declaration, ...args]);

  test("prints the result as JSON", async () => {
    expect(await run("double same(double)", "0.5")).toEqual({
      status: 0,
      stdout: "0.5\n",
      stderr: "",
    });
    expect((await run("double same(double)", '"NaN"')).stdout).toBe('"NaN"\n');
    expect((await run("const char *static_text(void)")).stdout).toBe('"a\ufffdb"\n');
  });

  test("tells what the sandbox refused", async () => {
    const { status, stdout, stderr } = await run("int open_file(const char *)", "/etc/passwd");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "-1\n" });
    expect(stderr).toBe("nearfar: the sandbox refused openat /etc/passwd in open_file\n");
  });

  test("tells of a crash where it was", async () => {
    const { status, stdout, stderr } = await run("int crash(void)");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("the helper has ended: SIGSEGV at 0x0000000000000008 in crash");
  });

  test("ends what takes too long", async () => {
    const { status, stderr } = await run("int busy(int)", "1000", "--timeout-ms", "300");
    expect(status).toBe(1);
    expect(stderr).toBe("nearfar: the call took longer than 300 ms\n");
  });

  test.each([
    [["double same(double)"], "same takes 1 argument, got 0"],
    [["double same(double"], '")" at column 19'],
    [["int f(int, ...)", "1"], "variadic"],
  ])("%j is wrong usage", async (args, message) => {
    const [declaration = "", ...rest] = args;
    const { status, stderr } = await run(declaration, ...rest);
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
  });

  test("tells a library or symbol that is not there", async () => {
    expect((await run("int no_such(void)")).stderr).toContain("ERR_DLSYM_FAILED");
    const missing = await nearfar(["isolate", "run", "./no-such.so", "int f(void)"]);
    expect(missing.stderr).toContain("ERR_DLOPEN_FAILED");
    expect(missing.status).toBe(1);
  });
});

test("nearfar doctor --sandbox says what holds here", async () => {
  const { status, stdout } = await nearfar(["doctor", "--sandbox"]);
  expect(status).toBe(0);
  for (const heading of ["Limits", "seccomp", "Landlock", "Another user", "Profile compute"]) {
    expect(stdout).toContain(heading);
  }
  const json = JSON.parse((await nearfar(["doctor", "--sandbox", "--json"])).stdout) as object;
  expect(Object.keys(json)).toContain("missing");
});
