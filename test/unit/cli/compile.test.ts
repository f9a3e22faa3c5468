import { describe, expect, it } from "vitest";
import { diagnoseBuildLog } from "../../../src/cli/compile.js";

describe("diagnoseBuildLog", () => {
  it.each([
    ["make: g++: No such file or directory", "a C++ compiler was not found"],
    ["/bin/sh: 1: g++: not found", "a C++ compiler was not found"],
    ["gyp ERR! stack Error: not found: make", "make was not found"],
    [
      "gyp ERR! find VS Could not find any Visual Studio installation to use",
      "Visual Studio's C++ build tools were not found",
    ],
    ["getaddrinfo ENOTFOUND nodejs.org", "Node's headers could not be downloaded"],
    ["../native/a.cpp:3:1: error: expected ';'", "the compilation failed: expected ';'"],
    ["make: *** [x] Error 127", "the compilation failed"],
  ])("reads %j", (log, expected) => {
    expect(diagnoseBuildLog(log)).toBe(expected);
  });
});
