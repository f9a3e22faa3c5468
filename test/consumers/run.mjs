// The package as its users meet it: each row in an empty directory, from the packed tarball.
//
//   node test/consumers/run.mjs            what CI runs each time
//   node test/consumers/run.mjs --all      everything; installs the tools of package.json first
//   node test/consumers/run.mjs bun pnpm   the rows with these words in their names
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rows as bundlers } from "./rows/bundlers.mjs";
import { rows as fileSystems } from "./rows/file-systems.mjs";
import { rows as installers } from "./rows/installers.mjs";
import { rows as manifest } from "./rows/manifest.mjs";
import { rows as node } from "./rows/node.mjs";
import { rows as runtimes } from "./rows/runtimes.mjs";
import { rows as tracing } from "./rows/tracing.mjs";
import { rows as typescript } from "./rows/typescript.mjs";
import { rows as weight } from "./rows/weight.mjs";
import { rows as withoutBinary } from "./rows/without-binary.mjs";
import { packTarball } from "./support/package.mjs";
import { createWorkshop } from "./support/project.mjs";
import { run } from "./support/run.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));
const [first, ...others] = process.argv.slice(2);
const words = first === "--all" ? others : [first, ...others].filter((word) => word !== undefined);

const rows = [
  node,
  fileSystems,
  withoutBinary,
  typescript,
  bundlers,
  tracing,
  weight,
  manifest,
  runtimes,
  installers,
]
  .flat()
  .filter(({ name, quick }) => {
    if (words.length > 0) return words.some((word) => name.toLowerCase().includes(word));
    return first === "--all" || quick;
  });
if (rows.some(({ quick }) => !quick) && !existsSync(join(here, "node_modules"))) {
  await run("npm", ["ci", "--no-audit", "--no-fund"], here);
}

const folder = mkdtempSync(join(tmpdir(), "nearfar-consumers-"));
let failures = 0;
try {
  const workshop = await createWorkshop(folder, await packTarball(folder));
  for (const row of rows) await runRow(row, workshop);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${rows.length} rows, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

async function runRow({ name, skip, run: body }, workshop) {
  const reason = skip?.() ?? "";
  if (reason !== "") {
    console.log(`skip ${name}: ${reason}`);
    return;
  }
  try {
    const detail = await body(workshop);
    console.log(`ok   ${name}${detail === undefined ? "" : `: ${detail}`}`);
  } catch (error) {
    failures++;
    console.log(`FAIL ${name}\n${error.message}`);
  }
}
