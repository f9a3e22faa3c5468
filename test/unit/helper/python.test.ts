import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../support/compile.js";
import { helperPath } from "./helper-client.js";

const python = spawnSync("python3", ["--version"]).status === 0;

test.runIf(python && process.platform === "linux")(
  "a client in Python's standard library makes calls, with callbacks that call",
  () => {
    const script = join(repositoryRoot, "examples", "helper-client.py");
    const { status, stdout, stderr } = spawnSync("python3", [script, helperPath()], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.trim().split("\n")).toEqual([
      "hypot 5",
      "strlen 7",
      "largest 9223372036854775807",
      "sorted AQAAAAIAAAADAAAA",
      "refused ERR_DLSYM_FAILED",
    ]);
  },
);
