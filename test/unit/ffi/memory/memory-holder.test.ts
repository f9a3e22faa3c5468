import { describe, expect, it } from "vitest";
import { runProgram } from "../../../support/child.js";

/** What V8 says when some buffer of the process is detached for the first time. */
const CHECKS_RETURN = "ArrayBufferDetaching";

function trace(program: string): string {
  const { status, stdout, stderr } = runProgram(
    `import { alloc, load } from "./dist/ffi/index.js"; ${program}`,
    { flags: ["--trace-protector-invalidation"] },
  );
  expect(status, stderr).toBe(0);
  return stdout;
}

describe("the memory that stands for freed memory", () => {
  it("is not made before it is asked for: V8 would check all typed arrays from then on", () => {
    expect(trace("alloc(8);")).not.toContain(CHECKS_RETURN);
  });

  it("is made for memory that was freed", () => {
    const program = `const memory = alloc(8); memory.free();
try { load(memory, "int32") } catch (error) { console.log(error.code) }`;
    const output = trace(program);
    expect(output).toContain("ERR_FFI_FREED_MEMORY");
    expect(output).toContain(CHECKS_RETURN);
  });
});
