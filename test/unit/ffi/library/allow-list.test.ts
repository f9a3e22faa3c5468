import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allowLibraries } from "../../../../src/ffi/index.js";
import { fixtureLibrary } from "../../../support/compile.js";
import { openRestricted } from "./restricted.js";
import { makeWorkspace } from "./workspace.js";

const workspace = makeWorkspace();
const [one, two] = ["one", "two"].map((name) => {
  mkdirSync(join(workspace, name));
  const path = join(workspace, name, "libfixture.so");
  copyFileSync(fixtureLibrary, path);
  return path;
}) as [string, string];
const link = join(workspace, "link.so");
symlinkSync(one, link);
const linkedDirectory = join(workspace, "linked");
symlinkSync(join(workspace, "one"), linkedDirectory);

const denied = (resource: string) =>
  expect.objectContaining({
    code: "ERR_ACCESS_DENIED",
    permission: "allowLibraries",
    resource,
    message: expect.stringContaining("is not among the libraries that allowLibraries() allows"),
  });

// In processes of their own: a list cannot be taken back.
describe("allowLibraries", () => {
  it("lets only the listed libraries be opened", () => {
    const opened = openRestricted({ lists: [[one]], libraries: [one, two, null, "libm.so.6"] });
    expect(opened).toEqual(["opened", denied(two), denied(""), denied("libm.so.6")]);
  });

  it("compares what paths lead to, on both sides", () => {
    expect(
      openRestricted({
        lists: [[one]],
        libraries: [link, `${workspace}/two/../one/libfixture.so`],
      }),
    ).toEqual(["opened", "opened"]);
    expect(openRestricted({ lists: [[link]], libraries: [one, two] })).toEqual([
      "opened",
      denied(two),
    ]);
    const relative = { directory: workspace, libraries: ["./one/libfixture.so", two] };
    expect(openRestricted({ lists: [[one]], ...relative })).toEqual(["opened", denied(two)]);
  });

  it("says where a link leads that is refused", () => {
    const [refusal] = openRestricted({ lists: [[two]], libraries: [link] });
    expect(refusal).toEqual(denied(link));
    expect(refusal).toHaveProperty("message", expect.stringContaining(`${link} (${one})`));
  });

  it("takes * for anything but a slash", () => {
    const libraries = [one, two, link];
    const open = (pattern: string) => openRestricted({ lists: [[pattern]], libraries });
    expect(open(`${workspace}/one/*`)).toEqual(["opened", denied(two), "opened"]);
    expect(open(`${workspace}/*/lib*.so`)).toEqual(["opened", "opened", "opened"]);
    expect(open(`${workspace}/*`)).toEqual([denied(one), denied(two), denied(link)]);
    expect(open(`${linkedDirectory}/*.so`)).toEqual(["opened", denied(two), "opened"]);
    expect(open(`${workspace}/o.e/*`)).toEqual([denied(one), denied(two), denied(link)]);
  });

  it.runIf(process.platform === "linux")("takes names without a slash as they are", () => {
    const lists = [["libm.so.6", "libc*"]];
    const libraries = ["libm.so.6", "libc.so.6", "libdl.so.2", `${workspace}/libm.so.6`];
    expect(openRestricted({ lists, libraries })).toEqual([
      "opened",
      "opened",
      denied("libdl.so.2"),
      denied(`${workspace}/libm.so.6`),
    ]);
  });

  it("needs null in the list for the process itself, and refuses bytes", () => {
    const libraries = [null, { bytesOf: one }];
    expect(openRestricted({ lists: [[null, one]], libraries })).toEqual(["opened", denied("")]);
    expect(openRestricted({ lists: [], libraries })).toEqual(["opened", "opened"]);
  });

  it("can only be narrowed", () => {
    const libraries = [one, two, null];
    const open = (...lists: (string | null)[][]) => openRestricted({ lists, libraries });
    expect(open([one, null], [one, two])).toEqual(["opened", denied(two), denied("")]);
    expect(open([one, null], [])).toEqual([denied(one), denied(two), denied("")]);
  });

  it("holds in workers that are started later", () => {
    const opened = openRestricted({ lists: [[one]], libraries: [one, two], inWorker: true });
    expect(opened).toEqual(["opened", denied(two)]);
  });

  it.each([
    ["libm.so.6", "libraries must be an array of paths, got a string of 9 characters"],
    [["a", 5], "libraries[1] must be a path, a name or null, got 5"],
    [[""], "libraries[0] must be a path, a name or null"],
    [["a\0b"], "libraries[0] must be a path, a name or null"],
  ])("refuses %o", (list, message) => {
    expect(() => allowLibraries(list as never)).toThrowError(message);
  });
});
