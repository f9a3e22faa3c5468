// The package as a user gets it: a prebuild made here, `npm pack`, and an install without scripts
// into an empty project. Every subpath must load, call and hash; nothing may be compiled.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "nearfar-packed-"));
// Making a prebuild replaces the local build, so it is made in a copy of the sources.
const sources = join(temporary, "sources");
const project = join(temporary, "project");
const run = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: "utf8" });

try {
  mkdirSync(project);
  for (const file of run("git", ["ls-files"], root).trim().split("\n")) {
    cpSync(join(root, file), join(sources, file));
  }
  symlinkSync(join(root, "node_modules"), join(sources, "node_modules"));
  run("npm", ["run", "prebuild"], sources);
  const [{ filename, files }] = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", project], sources).replace(/^[^[]*/, ""),
  );
  const names = files.map(({ path }) => path);
  check(
    names.some((name) => /^prebuilds\/.*\.node$/.test(name)),
    "the tarball has a prebuild",
  );
  check(
    names.some((name) => /^prebuilds\/.*\/nearfar-helper/.test(name)),
    "the tarball has the helper process",
  );
  check(!names.includes("binding.gyp"), "the tarball has no binding.gyp, so npm compiles nothing");

  writeFileSync(join(project, "package.json"), '{"type": "module", "private": true}');
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `./${filename}`], project);
  check(!existsSync(join(project, "node_modules", "nearfar", "build")), "nothing was compiled");

  writeFileSync(
    join(project, "main.mjs"),
    `import { createClient, defineService } from "nearfar";
import { dlopen } from "nearfar/ffi";
import { backend, hash } from "nearfar/crypto";
import { CryptoService } from "nearfar/services";
const { functions } = dlopen(null, { labs: "long labs(long)" });
const client = createClient(CryptoService, { mode: "ffi" });
const far = await client.hash_data("Hello, World!");
console.log(JSON.stringify([backend, String(functions.labs(-5)), hash("sha256", "Hello, World!") === far, typeof defineService]));
`,
  );
  const output = run(process.execPath, ["main.mjs"], project).trim();
  check(
    output === '["native","5",true,"function"]',
    `native code runs from the package: ${output}`,
  );
  const doctor = run(join(project, "node_modules", ".bin", "nearfar"), ["doctor"], project);
  check(doctor.includes("prebuilds"), "nearfar doctor names the prebuild");

  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "fastify@5"], project);
  const server = 'import { createServer } from "nearfar/server"; console.log(typeof createServer)';
  writeFileSync(join(project, "server.mjs"), server);
  check(run(process.execPath, ["server.mjs"], project).trim() === "function", "the server loads");

  writeFileSync(
    join(project, "both.mjs"),
    `import { createClient } from "nearfar";
import { createServer } from "nearfar/server";
import { CryptoService } from "nearfar/services";
const server = createServer({ services: [CryptoService] });
const client = createClient(CryptoService, { baseUrl: (await server.listen()).url });
console.log((await client.hash_data("Hello, World!")).slice(0, 8), client.$routes.hash_data.route);
await client.$close();
await server.close();
`,
  );
  const both = () => run(process.execPath, ["both.mjs"], project).trim();
  check(both() === "dffd6021 near", '"both" goes near with the binary');
  rmSync(join(project, "node_modules", "nearfar", "prebuilds"), { recursive: true });
  check(both() === "dffd6021 far", "the same program goes far with the binary removed");
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function check(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
  console.log(`ok: ${what}`);
}
