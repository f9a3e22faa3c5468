import { beforeAll, describe, expect, it } from "vitest";
import { cLibrary, compileSource, repositoryRoot } from "../../support/compile.js";
import { nearfar, runNode } from "../cli/run.js";

/** Answers as a system that refuses to share memory does: one without memfd_create, or a sandbox. */
const refusal = `
  #include <errno.h>
  int memfd_create(const char *name, unsigned flags) { errno = EPERM; return -1; }`;

describe.runIf(process.platform === "linux")("where memory cannot be shared", () => {
  const env: Record<string, string> = {};
  beforeAll(() => {
    env.LD_PRELOAD = compileSource("refuses-memfd", refusal);
  });

  async function run(script: string): Promise<unknown> {
    const source = `
      import { dlopen, Isolate } from ${JSON.stringify(`${repositoryRoot}dist/isolate/index.js`)};
      ${script}`;
    const { stdout, stderr } = await runNode(["--input-type=module", "--eval", source], { env });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  it("calls go over the socket by themselves", async () => {
    const outcome = await run(`
      const isolate = new Isolate();
      const declarations = { abs: "int abs(int)", strlen: "size_t strlen(const char *)" };
      const { functions } = dlopen(${cLibrary}, declarations, { isolate });
      const results = [functions.abs.sync(-5), await functions.abs(-6), functions.strlen.sync("four")];
      console.log(JSON.stringify({ channel: isolate.channel, results }));
      isolate.close();`);
    expect(outcome).toEqual({ channel: "socket", results: [5, 6, 4] });
  });

  it("memory that was asked for is refused, with what the system said", async () => {
    const message = await run(`
      try {
        new Isolate({ channel: "memory" });
      } catch (error) {
        console.log(JSON.stringify([error.code, error.message]));
      }`);
    expect(message).toEqual(["ERR_ISOLATE_UNAVAILABLE", expect.stringContaining("memfd_create: ")]);
  });

  it("doctor says so, and why", async () => {
    const usual = await nearfar(["doctor"]);
    expect(usual.stdout).toMatch(/^Isolation +calls go to helper processes by shared memory$/m);
    const { stdout } = await nearfar(["doctor"], { env });
    expect(stdout).toMatch(
      /^Isolation +calls go to helper processes over a socket.*memfd_create: /m,
    );
    const json = await nearfar(["doctor", "--json"], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      isolation: { channel: "socket", reason: expect.stringContaining("memfd_create") },
    });
  });
});
