import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ArgumentError, SERVICE_CODES, type ServiceError } from "../../../src/index.js";
import type { NativeError } from "../../../src/isolate/index.js";
import { repositoryRoot } from "../../support/compile.js";

type FailureCode = NativeError["code"] | ArgumentError["code"];

/** Every code but those of services; one that is forgotten here does not compile. */
const FAILURE_CODES = {
  ERR_ACCESS_DENIED: true,
  ERR_CRYPTO_FAILED: true,
  ERR_FFI_CALL_FAILED: true,
  ERR_FFI_FREED_MEMORY: true,
  ERR_FFI_INVALID_POINTER: true,
  ERR_FFI_LIBRARY_CLOSED: true,
  ERR_INVALID_ARG_TYPE: true,
  ERR_INVALID_ARG_VALUE: true,
  ERR_ISOLATE_ENDED: true,
  ERR_ISOLATE_MEMORY: true,
  ERR_ISOLATE_TIMEOUT: true,
  ERR_ISOLATE_UNAVAILABLE: true,
  ERR_NATIVE_UNAVAILABLE: true,
  ERR_STRING_TOO_LONG: true,
  ERR_UNKNOWN_ENCODING: true,
} as const satisfies Record<FailureCode, true>;

const page = readFileSync(join(repositoryRoot, "docs", "troubleshooting.md"), "utf8");
/** The cells of each row whose first cell has this code in it. */
function rowsOf(code: string): string[][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")))
    .filter(([codes = ""]) => codes.split(", ").includes(`\`${code}\``));
}

describe("docs/troubleshooting.md", () => {
  it.each(Object.keys(FAILURE_CODES))("says what %s means and what to do", (code) => {
    const [row = [], ...others] = rowsOf(code);
    expect(others).toEqual([]);
    const [, meaning = "", advice = "", serviceCode = ""] = row;
    expect(meaning.length).toBeGreaterThan(10);
    expect(advice.length).toBeGreaterThan(5);
    expect(Object.keys(SERVICE_CODES)).toContain(serviceCode.replaceAll("`", ""));
  });

  it.each(Object.keys(SERVICE_CODES) as ServiceError["code"][])(
    "says when a service fails with %s, and with which status",
    (code) => {
      const [row = [], ...others] = rowsOf(code);
      expect(others).toEqual([]);
      const [, status, cause = ""] = row;
      expect(status).toBe(String(SERVICE_CODES[code].httpStatus));
      expect(cause).not.toBe("");
    },
  );
});
