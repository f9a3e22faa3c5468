import { copyFileSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
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
const linkedDirectory = join(workspace, "linked");
const hasLinks = makeLinks();

/** Windows refuses them to most users, and wine makes none without a word. */
function makeLinks(): boolean {
  try {
    symlinkSync(one, link);
    symlinkSync(join(workspace, "one"), linkedDirectory);
  } catch (error) {
    if (process.platform !== "win32") throw error;
  }
  return process.platform !== "win32" || existsSync(linkedDirectory);
}

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

  it.runIf(hasLinks)("compares what links lead to, on both sides", () => {
    expect(openRestricted({ lists: [[one]], libraries: [link] })).toEqual(["opened"]);
    expect(openRestricted({ lists: [[link]], libraries: [one, two] })).toEqual([
      "opened",
      denied(two),
    ]);
    const throughLink = [[`${linkedDirectory}/*.so`]];
    expect(openRestricted({ lists: throughLink, libraries: [one, two, link] })).toEqual([
      "opened",
      denied(two),
      "opened",
    ]);
  });

  it("compares what paths lead to", () => {
    const roundabout = `${workspace}/two/../one/libfixture.so`;
    expect(openRestricted({ lists: [[one]], libraries: [roundabout] })).toEqual(["opened"]);
    const relative = { directory: workspace, libraries: ["./one/libfixture.so", two] };
    expect(openRestricted({ lists: [[one]], ...relative })).toEqual(["opened", denied(two)]);
  });

  it.runIf(hasLinks)("says where a link leads that is refused", () => {
    const [refusal] = openRestricted({ lists: [[two]], libraries: [link] });
    expect(refusal).toEqual(denied(link));
    expect(refusal).toHaveProperty("message", expect.stringContaining(`${link} (${one})`));
  });

  it("takes * for anything but a slash", () => {
    const libraries = [one, two];
    const open = (pattern: string) => openRestricted({ lists: [[pattern]], libraries });
    expect(open(`${workspace}/one/*`)).toEqual(["opened", denied(two)]);
    expect(open(`${workspace}/*/lib*.so`)).toEqual(["opened", "opened"]);
    expect(open(`${workspace}/*`)).toEqual([denied(one), denied(two)]);
    expect(open(`${workspace}/o.e/*`)).toEqual([denied(one), denied(two)]);
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
