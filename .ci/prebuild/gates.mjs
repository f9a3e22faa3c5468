// What every binary must hold before it is shipped. Each function gives the problems it found.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename } from "node:path";

const addonSymbols = ["napi_register_module_v1", "node_api_module_get_api_version_v1"];

/** Libraries of the system that a binary may be linked with. */
const elfLibraries = {
  glibc: /^(libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s|ld-linux-[a-z0-9-]+)\.so\.\d$/,
  musl: /^libc\.musl-[a-z0-9_]+\.so\.1$/,
};
/** What a program defines for musl, which has no versions: its copies, and what the loader calls. */
const ofMuslPrograms = ["_init", "_fini", "stdin", "stdout", "stderr"];
const windowsLibraries =
  /^(kernel32|msvcrt|bcrypt|advapi32|ws2_32|node|api-ms-win-[a-z0-9-]+)\.(dll|exe)$/i;

/** `kind`: addon, library or helper. */
export function findProblems(path, kind, target, { binutils, forbiddenPaths }) {
  const checks = target.libc === undefined ? checkPe : checkElf;
  const problems = [...checks(path, kind, target, binutils), ...findPaths(path, forbiddenPaths)];
  return problems.map((problem) => `${basename(path)}: ${problem}`);
}

/** The newest version of each versioned library that a binary asks for: `{ GLIBC: "2.17", ... }`. */
export function requirementsOf(path, binutils) {
  const newest = {};
  const needed = tool(binutils, "readelf", ["-VW", path]).split("Version needs section")[1] ?? "";
  for (const [, name, version] of needed.matchAll(/Name: (GLIBC|GLIBCXX|CXXABI)_([\d.]+)/g)) {
    if (newest[name] === undefined || isNewer(version, newest[name])) newest[name] = version;
  }
  return newest;
}

function checkElf(path, kind, { libc, floor }, binutils) {
  const problems = [];
  const symbols = tool(binutils, "nm", ["-D", "--defined-only", path])
    .trim()
    .split("\n")
    .flatMap((line) => (/ [TDBRV] /.test(line) ? line.split(" ").slice(-1) : []))
    .filter((name) => !name.includes("@GLIBC")) // stdout, of which a program has its own copy.
    .filter((name) => libc !== "musl" || kind !== "helper" || !ofMuslPrograms.includes(name))
    .map((name) => name.replace(/@.*/, ""));
  problems.push(...unexpectedSymbols(symbols, kind));
  for (const [name, version] of Object.entries(requirementsOf(path, binutils))) {
    if (floor[name] === undefined) problems.push(`needs ${name}`);
    else if (isNewer(version, floor[name]))
      problems.push(`needs ${name} ${version}, past ${floor[name]}`);
  }
  const segments = tool(binutils, "readelf", ["-lW", path]);
  if (!/GNU_STACK.* RW /.test(segments)) problems.push("its stack is executable");
  if (!segments.includes("GNU_RELRO")) problems.push("no RELRO");
  const dynamic = tool(binutils, "readelf", ["-dW", path]);
  if (!/BIND_NOW|FLAGS_1.*NOW/.test(dynamic)) problems.push("RELRO is not full: no BIND_NOW");
  if (/TEXTREL/.test(dynamic)) problems.push("its code is written to when it is loaded");
  if (/R(UN)?PATH/.test(dynamic)) problems.push("it has a search path of its own");
  for (const [, library] of dynamic.matchAll(/NEEDED.*\[(.*)\]/g)) {
    if (!elfLibraries[libc].test(library)) problems.push(`needs ${library}`);
  }
  return problems;
}

function checkPe(path, kind, _target, binutils) {
  const problems = [];
  const headers = tool(binutils, "objdump", ["-p", path]);
  const exported = headers.split("[Ordinal/Name Pointer] Table")[1] ?? "";
  const symbols = [...exported.matchAll(/^\s*\[\s*\d+\].*?(\w+)$/gm)].map(([, name]) => name);
  problems.push(...unexpectedSymbols(symbols, kind));
  for (const [, library] of headers.matchAll(/DLL Name: (\S+)/g)) {
    if (!windowsLibraries.test(library)) problems.push(`needs ${library}`);
  }
  for (const flag of ["DYNAMIC_BASE", "NX_COMPAT"]) {
    if (!headers.includes(flag)) problems.push(`is not ${flag}`);
  }
  return problems;
}

function unexpectedSymbols(symbols, kind) {
  if (kind === "addon") {
    return addonSymbols.join() === symbols.toSorted().join() ? [] : [`exports ${symbols}`];
  }
  if (kind === "helper") return symbols.length === 0 ? [] : [`exports ${symbols}`];
  const strange = symbols.filter((name) => !/^(nearfar_|NEARFAR_1$)/.test(name));
  if (symbols.length === 0) return ["exports nothing"];
  return strange.length === 0 ? [] : [`exports ${strange}`];
}

/** Folders of the machine that built it: they would differ elsewhere, and tell about it. */
function findPaths(path, forbidden) {
  const text = readFileSync(path, "latin1");
  return [...forbidden, homedir(), "/home/"]
    .filter((folder) => folder.length > 1 && text.includes(folder))
    .map((folder) => `has the path ${folder} in it`);
}

function isNewer(version, floor) {
  const [a, b] = [version, floor].map((text) => text.split(".").map(Number));
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function tool(binutils, name, args) {
  return execFileSync(`${binutils}${name}`, args, { encoding: "utf8", maxBuffer: 2 ** 26 });
}
