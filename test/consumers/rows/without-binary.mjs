// Where no binary loads: imports work, crypto goes by node:crypto, "both" goes far, ffi explains.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectWithout, report } from "../support/programs.mjs";
import { permission, run } from "../support/run.mjs";

const node = process.execPath;
const prebuilds = (project) => join(project, "node_modules", "nearfar", "prebuilds");

export const rows = [
  without("no prebuild for this platform", /no prebuild for .*npx nearfar-build/, {
    prepare: (project) => rmSync(prebuilds(project), { recursive: true }),
  }),
  without("a prebuild for another C library", /needs musl, and this process runs on glibc/, {
    skip: () => (process.platform === "linux" ? "" : "a question of Linux"),
    prepare: (project) => eachAddon(project, (path) => rename(path, ".glibc.", ".musl.")),
  }),
  without("a binary that is damaged", /nearfar\..*node: /, {
    prepare: (project) => eachAddon(project, (path) => writeFileSync(path, "")),
  }),
  without("a binary of another architecture", /is not a binary for|cannot open shared object/, {
    skip: () => (process.platform === "linux" ? "" : "told by the words of Linux's loader"),
    prepare: (project) => eachAddon(project, changeMachine),
  }),
  without("--no-addons", /--no-addons/, { flags: ["--no-addons"] }),
  without("the permission model", /--allow-addons/, {
    flags: [permission, "--allow-fs-read=*", "--no-warnings"],
  }),
  without("the package's folder must not be read", /no native binary/, {
    flags: [
      permission,
      "--allow-fs-read=PROJECT/main.mjs",
      "--allow-fs-read=PROJECT/node_modules/*",
    ],
  }),
];

function without(name, reason, { prepare = () => {}, flags = [], skip = () => "" }) {
  return {
    name: `without a binary: ${name}`,
    quick: true,
    skip,
    run: async ({ create }) => {
      const project = create({ "main.mjs": report });
      prepare(project);
      const args = [...flags.map((flag) => flag.replace("PROJECT", project)), "main.mjs"];
      expectWithout(await run(node, args, project), reason);
    },
  };
}

function eachAddon(project, change) {
  for (const entry of readdirSync(prebuilds(project), { recursive: true })) {
    if (entry.endsWith(".node")) change(join(prebuilds(project), entry));
  }
}

function rename(path, from, to) {
  writeFileSync(path.replace(from, to), readFileSync(path));
  rmSync(path);
}

/** e_machine of the ELF header: 8 is MIPS. */
function changeMachine(path) {
  const image = readFileSync(path);
  image.writeUInt16LE(8, 18);
  writeFileSync(path, image);
}
