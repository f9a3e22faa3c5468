#!/usr/bin/env node
// Generated signatures with an addon that has the address and undefined-behaviour sanitizers in it:
//
//   cmake -B out/sanitized -DNEARFAR_SANITIZE=address,undefined -DNEARFAR_ADDON=ON
//   cmake --build out/sanitized -j2
//   node test/conformance/sanitized.mjs [arguments of run.mjs]
//
// The sanitizer replaces the allocator of the whole process, so that it guards the buffers that
// Node allocates, too: a byte too many in memory that an argument points to ends the run.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const addon = join(root, "out", "sanitized", "nearfar.node");
if (!existsSync(addon)) throw new Error(`${addon} has to be built first: see this file's head`);

const compiler = process.env.CC ?? "gcc";
const runtime = execFileSync(compiler, ["-print-file-name=libasan.so"], { encoding: "utf8" });
const environment = [
  // Only for the process that calls: the compiler leaks, and would fail for it.
  `LD_PRELOAD=${runtime.trim()}`,
  `NEARFAR_NATIVE=${addon}`,
  // Node leaves what lives as long as the process to the system, and none of it says that it is not
  // ours: the slope of memory over many calls finds leaks instead.
  "ASAN_OPTIONS=detect_leaks=0",
  "UBSAN_OPTIONS=print_stacktrace=1",
];
const { status, error } = spawnSync(
  process.execPath,
  [
    join(root, "test", "conformance", "run.mjs"),
    ...["--signatures", "300", "--fields", "1", "--cc", compiler],
    ...["--node", ["env", ...environment, process.execPath].join(" ")],
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
