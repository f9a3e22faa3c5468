import { describe, expect, it } from "vitest";
import { CONTRACT } from "../../../src/internal/contract.js";
import { explainLoaderMessage } from "../../../src/internal/dlopen-problem.js";
import { loadNative } from "../../../src/internal/loader.js";
import { packageVersion } from "../../../src/internal/version.js";
import { runProgram } from "../../support/child.js";
import { compileSource } from "../../support/compile.js";

/** An addon that says it was built from another version, or to another contract, of nearfar. */
function staleAddon(name: string, version: string, contract: number | undefined): string {
  return compileSource(
    name,
    `typedef void *any;
     int napi_create_string_utf8(any env, const char *text, unsigned long length, any *result);
     int napi_create_uint32(any env, unsigned value, any *result);
     int napi_set_named_property(any env, any object, const char *name, any value);
     int node_api_module_get_api_version_v1(void) { return 9; }
     any napi_register_module_v1(any env, any exports) {
       any value;
       napi_create_string_utf8(env, "${version}", ${version.length}, &value);
       napi_set_named_property(env, exports, "version", value);
       ${
         contract === undefined
           ? ""
           : `napi_create_uint32(env, ${contract}, &value);
       napi_set_named_property(env, exports, "contract", value);`
       }
       return exports;
     }`,
  );
}

const use = `
  const { backend } = await import("./dist/crypto/index.js");
  const { dlopen } = await import("./dist/ffi/index.js");
  try { dlopen(null); } catch (error) { console.log(backend, error.code, error.message); }`;

describe.runIf(loadNative().binding !== undefined && process.platform !== "win32")(
  "a binary that was built from something else",
  () => {
    const next = CONTRACT + 1;
    it.each([
      ["another version", "0.0.1", CONTRACT, "was built from nearfar 0.0.1, this is"],
      ["another contract", packageVersion, next, `contract ${next}, this is ${CONTRACT}`],
      ["sources without a contract", packageVersion, undefined, "contract unknown, this is"],
    ])(
      "of %s is refused before a call, with the command to run",
      (name, version, contract, says) => {
        const file = `stale-${name.replaceAll(" ", "-")}`;
        const env = { NEARFAR_NATIVE: staleAddon(file, version, contract) };
        const { status, stdout } = runProgram(use, { env });
        expect(status).toBe(0);
        expect(stdout).toMatch(/^node ERR_NATIVE_UNAVAILABLE /);
        expect(stdout).toContain(says);
        expect(stdout).toContain("npx nearfar-build");
      },
    );
  },
);

describe("what a loader says of a binary that does not fit is explained", () => {
  it.each([
    ["/lib/libc.so.6: version `GLIBC_9.99' not found (required by a.node)", "needs glibc 9.99 or"],
    [
      "libstdc++.so.6: cannot open shared object file: No such file",
      "libstdc++.so.6, which is not",
    ],
    ["Error loading shared library libstdc++.so.6: No such file", "Alpine: libstdc++"],
    ["libstdc++.so.6: version `GLIBCXX_3.4.99' not found", "newer libstdc++"],
    ["a.node: wrong ELF class: ELFCLASS32", "not a binary for"],
    ["a.node: failed to map segment from shared object", "noexec"],
  ])("%s", (message, explanation) => {
    expect(explainLoaderMessage(message)).toContain(explanation);
  });

  it("and left as it is where nothing is known of it", () => {
    expect(explainLoaderMessage("something else")).toBeUndefined();
  });
});
