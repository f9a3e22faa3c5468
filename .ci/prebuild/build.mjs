// Compiles the addon, the C library and the helper for one target, with CMake, into a folder.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");

/**
 * The files in `prebuilds/<platform>-<arch>`: by their kind, the name that CMake gives and the one
 * that src/internal looks for.
 */
export function fileNames({ folder, libc }) {
  const onWindows = folder.startsWith("win32");
  const tag = libc === undefined ? "" : `.${libc}`;
  const suffix = onWindows ? ".exe" : "";
  const library = onWindows ? "libnearfar.dll" : `lib${libraryName(libc)}.so.1`;
  return {
    addon: ["nearfar.node", `nearfar${tag}.node`],
    library: [library, library],
    helper: [`nearfar-helper${suffix}`, `nearfar-helper${tag}${suffix}`],
  };
}

/**
 * Programs find the C library by this name: two that lie in one folder have two, and the one for
 * glibc has the name that a local build gives.
 */
function libraryName(libc) {
  return libc === "musl" ? "nearfar.musl" : "nearfar";
}

/** Builds in `folder`, which is kept for the next time, and copies the binaries to `output`. */
export function buildTarget(target, { folder, output, ...roots }) {
  const toolchain = target.toolchain(roots);
  mkdirSync(folder, { recursive: true });
  const link = toolchain.link.join(" ");
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    CMAKE_SYSTEM_NAME: toolchain.system,
    CMAKE_SYSTEM_PROCESSOR: toolchain.processor,
    CMAKE_CXX_COMPILER: toolchain.compiler,
    CMAKE_CXX_FLAGS: toolchain.compile.join(" "),
    CMAKE_EXE_LINKER_FLAGS: link,
    CMAKE_SHARED_LINKER_FLAGS: link,
    CMAKE_MODULE_LINKER_FLAGS: link,
    NEARFAR_ROOT: root,
    NEARFAR_LIBC: target.libc ?? "",
    NEARFAR_LIBRARY_NAME: libraryName(target.libc),
    NEARFAR_NODE_HEADERS: nodeHeaders(),
    ...(toolchain.system === "Windows" && {
      NEARFAR_NODE_LIBRARY: importLibrary(folder, toolchain),
    }),
    ...(toolchain.libstdcxx && { NEARFAR_EXTRA_OBJECTS: floatingCharacters(folder, toolchain) }),
  };
  const options = Object.entries(definitions).map(([key, value]) => `-D${key}=${value}`);
  run("cmake", ["-S", here, "-B", folder, ...options]);
  run("cmake", ["--build", folder, "-j", process.env.NEARFAR_JOBS ?? "2"]);
  mkdirSync(output, { recursive: true });
  for (const [from, to] of Object.values(fileNames(target))) {
    copyFileSync(join(folder, from), join(output, to));
  }
}

/** Node's own headers, as node-gyp finds them. */
function nodeHeaders() {
  const prefix = process.env.npm_config_nodedir ?? dirname(dirname(process.execPath));
  const headers = join(prefix, "include", "node");
  if (!existsSync(join(headers, "node_api.h"))) {
    throw new Error(`no node_api.h in ${headers}: set npm_config_nodedir to a Node installation`);
  }
  return headers;
}

/** `std::from_chars` and `to_chars` of floating point came with GCC 11: for the helper. */
function floatingCharacters(folder, { binutils, libstdcxx }) {
  const objects = ["floating_from_chars.o", "floating_to_chars.o"];
  run(`${binutils}ar`, ["x", "--output", folder, libstdcxx, ...objects]);
  return objects.map((object) => join(folder, object)).join(";");
}

/** What the addon takes from node.exe, whatever its name: delay_load_hook.cpp. */
function importLibrary(folder, { binutils }) {
  const headers = ["js_native_api.h", "node_api.h", "uv.h"].map((file) =>
    readFileSync(join(nodeHeaders(), file), "utf8"),
  );
  const declaration = /(?:NAPI_CDECL|UV_EXTERN [\w* ]+?)\s*\b((?:napi|node_api|uv)_\w+)\(/g;
  const names = headers.flatMap((text) => [...text.matchAll(declaration)].map(([, name]) => name));
  const definition = join(folder, "node.def");
  const library = join(folder, "libnode.a");
  writeFileSync(definition, ["LIBRARY node.exe", "EXPORTS", ...new Set(names), ""].join("\n"));
  run(`${binutils}dlltool`, ["-d", definition, "-D", "node.exe", "-y", library]);
  return library;
}

function run(command, args) {
  try {
    execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const log = `${error.stdout ?? ""}${error.stderr ?? ""}`.trimEnd().split("\n").slice(-30);
    throw new Error(`${command} failed:\n${log.join("\n")}`, { cause: error });
  }
}
