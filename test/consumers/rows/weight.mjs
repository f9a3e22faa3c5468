// What an installation adds, and what it runs: nothing.
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/run.mjs";

const maxPackages = 8;
const maxBytes = 5_500_000;
/** The tarball without its prebuilds, whose manifests say their sizes. */
const maxPackedBytes = 2_000_000;
const installScripts = ["preinstall", "install", "postinstall"];

export const rows = [
  {
    name: "weight: at most 8 packages and 5.5 MB beyond the prebuilds, and no install script",
    quick: true,
    run: async ({ empty, tarball }) => {
      const project = empty();
      const flags = ["--no-audit", "--no-fund", "--prefer-offline"];
      await run("npm", ["install", ...flags, tarball], project);
      const packages = packagesIn(join(project, "node_modules"));
      const bytes = packages.reduce((sum, folder) => sum + bytesOf(folder), 0);
      assert.ok(packages.length <= maxPackages, `${packages.length} packages: ${packages}`);
      assert.ok(bytes <= maxBytes, `${bytes} bytes`);
      for (const folder of packages) {
        const { scripts = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        assert.deepEqual(
          installScripts.filter((script) => script in scripts),
          [],
          folder,
        );
        assert.ok(!readdirSync(folder).includes("binding.gyp"), `${folder} has a binding.gyp`);
      }
      return `${packages.length} packages, ${megabytes(bytes)}`;
    },
  },
  {
    name: "the tarball: at most 2 MB without prebuilds, and the same bytes each time it is packed",
    quick: true,
    run: async ({ sources, empty }) => {
      const first = await pack(sources, empty());
      const copy = join(empty(), "copy");
      cpSync(sources, copy, { recursive: true }); // Its files have other times.
      const second = await pack(copy, empty());
      assert.ok(first.equals(second), "another tarball");
      rmSync(join(copy, "prebuilds"), { recursive: true });
      const { length } = await pack(copy, empty());
      assert.ok(length <= maxPackedBytes, `${length} bytes`);
      return `${megabytes(length)}, with this machine's prebuild ${megabytes(first.length)}`;
    },
  },
];

async function pack(folder, target) {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", target], folder);
  const tarball = readdirSync(target).find((name) => name.endsWith(".tgz"));
  return readFileSync(join(target, tarball));
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function packagesIn(modules) {
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)],
    );
}

/** Of all files but prebuilds. */
function bytesOf(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("prebuilds"))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
