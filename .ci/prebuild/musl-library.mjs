// The C++ library for musl, which Debian does not have, from Debian's sources of the GCC that the
// binaries are compiled with; and the system root that it is built in. Made once into a folder: some
// five minutes on two processors.
//
// It is built without exceptions, as this package is: nothing here catches, and what the library
// would throw ends the process either way. So no unwinder is linked in; Debian's own asks glibc for
// `_dl_find_object`, which musl does not have.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { muslCompiler, muslPackages, muslToolchain, muslTriple } from "./musl-toolchain.mjs";

/** Alpine's name of musl. Its loader takes every `libc.*` for itself; glibc has no such file. */
const soname = "libc.musl-x86_64.so.1";

/** Of GCC's sources: the C++ library with what its configure and its files include. */
const wanted = [
  ...["config*", "*.m4", "*.sh", "*.am", "install-sh", "missing", "mkinstalldirs", "compile"],
  ...["depcomp", "libtool-ldflags", "move-if-change", "gcc/BASE-VER", "gcc/DATESTAMP"],
  ...["gcc/DEV-PHASE", "include", "libgcc", "libiberty", "libstdc++-v3"],
];

/** Makes it where it is not there yet, or was made of other versions. */
export function ensureMuslLibrary(folder) {
  const stamp = join(folder, "stamp");
  const current = stampOf();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  rmSync(folder, { recursive: true, force: true });
  makeSystemRoot(muslToolchain(folder));
  unpackSources(join(folder, "src"));
  configure(folder);
  build(folder);
  writeFileSync(stamp, current);
}

function stampOf() {
  const versions = execFileSync("dpkg-query", ["-W", ...muslPackages], { encoding: "utf8" });
  const script = readFileSync(fileURLToPath(import.meta.url));
  return createHash("sha256").update(versions).update(script).digest("hex");
}

function makeSystemRoot({ sysroot, libraries }) {
  const headers = join(sysroot, "usr", "include");
  cpSync(`/usr/include/${muslTriple}`, headers, { recursive: true });
  for (const folder of ["linux", "asm-generic", "x86_64-linux-gnu/asm"]) {
    const name = folder.split("/").at(-1);
    cpSync(`/usr/include/${folder}`, join(headers, name), { recursive: true, dereference: true });
  }
  cpSync(`/usr/lib/${muslTriple}`, libraries, { recursive: true });
  run("patchelf", ["--set-soname", soname, "libc.so"], libraries);
}

function unpackSources(folder) {
  mkdirSync(folder, { recursive: true });
  const archives = readdirSync("/usr/src/gcc-12").filter((name) => /^gcc-.*\.tar\.xz$/.test(name));
  const archive = join("/usr/src/gcc-12", archives[0]);
  const members = wanted.map((name) => `gcc-*/${name}`);
  const how = ["--strip-components=1", "--exclude=*/testsuite/*/*", "--wildcards"];
  run("tar", ["-xf", archive, ...how, "--no-wildcards-match-slash", ...members], folder);
}

function configure(folder) {
  // Made before the C++ library where GCC builds itself.
  const threads = join(folder, "libgcc");
  mkdirSync(threads);
  cpSync(join(folder, "src", "libgcc", "gthr-posix.h"), join(threads, "gthr-default.h"));

  const compiler = muslCompiler(folder).join(" ");
  const compilerOfCxx = `${compiler} -static-libgcc -nostdinc++`;
  const flags = `-O2 -fPIC -ffunction-sections -fdata-sections -ffile-prefix-map=${folder}=gcc`;
  const settings = {
    CC: compiler,
    CPP: `${compiler} -E`,
    CXX: compilerOfCxx,
    CXXCPP: `${compilerOfCxx} -E`,
    CFLAGS: flags,
    CXXFLAGS: `${flags} -fno-exceptions`,
    AR: "ar",
    NM: "nm",
    RANLIB: "ranlib",
  };
  const off = ["shared", "multilib", "nls", "cet", "libstdcxx-pch", "libstdcxx-verbose"];
  const options = [
    ...["--build=x86_64-pc-linux-gnu", `--host=${muslTriple}`, `--prefix=${folder}`],
    `--with-gxx-include-dir=${muslToolchain(folder).headers}`,
    ...off.map((name) => `--disable-${name}`),
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ];
  mkdirSync(join(folder, "build"));
  run("../src/libstdc++-v3/configure", options, join(folder, "build"));
}

/** The static library and its headers. */
function build(folder) {
  const place = join(folder, "build");
  const jobs = `-j${process.env.NEARFAR_JOBS ?? "2"}`;
  run("make", [jobs, "SUBDIRS=include libsupc++ src"], place);
  for (const part of ["include", "libsupc++"]) run("make", ["-C", part, "install"], place);
  const { libraries } = muslToolchain(folder);
  cpSync(join(place, "src", ".libs", "libstdc++.a"), join(libraries, "libstdc++.a"));
}

function run(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 28 });
  } catch (error) {
    const log = `${error.stdout ?? ""}${error.stderr ?? ""}`.trimEnd().split("\n").slice(-30);
    throw new Error(`${command} failed:\n${log.join("\n")}`, { cause: error });
  }
}
