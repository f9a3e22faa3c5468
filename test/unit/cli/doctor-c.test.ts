import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type CLibrary,
  findCLibrary,
  renderCLibrary,
  shippedName,
} from "../../../src/cli/c-library.js";
import { builtLibrary } from "../../../src/cli/compile.js";
import { nearfar, root } from "./run.js";

describe.runIf(existsSync(builtLibrary))("nearfar doctor --c", () => {
  it("says where header and library are, as text and as JSON", async () => {
    const { status, stdout } = await nearfar(["doctor", "--c"]);
    const { header, library } = findCLibrary();
    expect(status).toBe(0);
    expect(stdout).toContain(header);
    expect(stdout).toContain(library);
    expect(readFileSync(header, "utf8")).toContain("int nearfar_hash(");
    const json = await nearfar(["doctor", "--c", "--json"]);
    expect(JSON.parse(json.stdout)).toEqual(findCLibrary());
  });

  it("--cflags and --libs print flags on one line, --library a path", async () => {
    const { cflags, libs, library } = findCLibrary();
    const flags = await nearfar(["doctor", "--c", "--cflags", "--libs"]);
    expect(flags.stdout).toBe(`${[...cflags, ...libs].join(" ")}\n`);
    expect(flags.stdout).toContain(`-I${join(root, "native", "include")}`);
    expect((await nearfar(["doctor", "--c", "--library"])).stdout).toBe(`${library}\n`);
  });

  it("needs --c for what is about the C library", async () => {
    const { status, stderr } = await nearfar(["doctor", "--libs"]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: "nearfar: --libs needs --c\n" });
  });
});

describe("the C library that is shipped", () => {
  it("has a name of its own for musl, which lies in the folder of glibc's", () => {
    expect(shippedName("nearfar.glibc.node")).toBe(basename(builtLibrary));
    expect(shippedName("nearfar.node")).toBe(basename(builtLibrary));
    const named = basename(builtLibrary).replace("libnearfar", "libnearfar.musl");
    expect(shippedName("nearfar.musl.node")).toBe(named);
    expect(named).not.toBe(basename(builtLibrary));
  });
});

describe("the flags", () => {
  const spaced: CLibrary = {
    header: "/a b/nearfar.h",
    library: "/a b/libnearfar.so.1",
    cflags: ["-I/a b"],
    libs: ["-L/a b", "-lnearfar"],
  };

  it("escape spaces as pkg-config does", () => {
    expect(renderCLibrary(spaced, { cflags: true, libs: true })).toBe(
      "-I/a\\ b -L/a\\ b -lnearfar",
    );
  });

  it("make a file for pkg-config", () => {
    const lines = renderCLibrary(spaced, { pc: true }).split("\n");
    expect(lines).toContain("Cflags: -I/a\\ b");
    expect(lines).toContain("Libs: -L/a\\ b -lnearfar");
    expect(lines).toContain("Name: nearfar");
  });
});
