import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fixtureLibrary, repositoryRoot } from "../../../support/compile.js";
import { openRestricted } from "./restricted.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const permission =
  major >= 24 || (major === 22 && minor >= 13) ? "--permission" : "--experimental-permission";
const knowsFfi = process.allowedNodeEnvironmentFlags.has("--allow-ffi");
const ffi = knowsFfi ? ["--allow-ffi"] : [];
const readsPackage = `--allow-fs-read=${repositoryRoot}*`;
const flags = [permission, readsPackage, "--allow-addons"];

describe("node's permission model", () => {
  it("lets a library be opened whose file may be read", () => {
    const libraries = [fixtureLibrary, null];
    expect(openRestricted({ flags: [...flags, ...ffi], libraries })).toEqual(["opened", "opened"]);
  });

  it("refuses a file that may not be read, naming it and the option", () => {
    const path = resolve("/usr/lib/not-ours/libfoo.so");
    expect(openRestricted({ flags: [...flags, ...ffi], libraries: [path] })).toEqual([
      {
        code: "ERR_ACCESS_DENIED",
        permission: "FileSystemRead",
        resource: path,
        message: expect.stringContaining(`--allow-fs-read=${path}`),
      },
    ]);
  });

  it.runIf(knowsFfi)("refuses all libraries without --allow-ffi", () => {
    const libraries = [fixtureLibrary, null];
    const denied = { code: "ERR_ACCESS_DENIED", permission: "FFI" };
    const message = expect.stringContaining("--allow-ffi");
    expect(openRestricted({ flags, libraries })).toEqual([
      { ...denied, message, resource: fixtureLibrary },
      { ...denied, message, resource: "" },
    ]);
  });

  it("is explained where it keeps the binary itself from loading", () => {
    const libraries = [fixtureLibrary];
    const [refusal] = openRestricted({ flags: [permission, readsPackage, ...ffi], libraries });
    expect(refusal).toEqual({
      code: "ERR_NATIVE_UNAVAILABLE",
      message: expect.stringContaining("under which native addons need --allow-addons"),
    });
  });
});
