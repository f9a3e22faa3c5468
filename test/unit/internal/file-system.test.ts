import { expect, it } from "vitest";
import { runProgram } from "../../support/child.js";

it.each(["index", "ffi/index", "crypto/index", "server/index"])(
  "a Node that is too old is told so by its version when it imports %s",
  (entry) => {
    const program = `
      delete process.getBuiltinModule;
      await import("./dist/${entry}.js").catch(({ message }) => console.log(message));`;
    const { stdout } = runProgram(program);
    expect(stdout).toBe(`nearfar needs Node 20.19 or later, this is ${process.versions.node}\n`);
  },
);
