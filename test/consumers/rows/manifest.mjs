// What publishers' linters say of the tarball.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.mjs";

const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));

export const rows = [
  {
    name: "publint",
    run: async ({ tarball, empty }) => {
      const script = join(tools, "publint", "src", "cli.js");
      await run(process.execPath, [script, "run", tarball, "--strict"], empty());
    },
  },
  {
    name: "are the types wrong",
    run: async ({ tarball, empty }) => {
      const script = join(tools, "@arethetypeswrong", "cli", "dist", "index.js");
      // Without subpaths node10 finds no types but the root's, and it is not supported.
      const args = [tarball, "--profile", "esm-only", "--no-emoji"];
      await run(process.execPath, [script, ...args], empty());
    },
  },
];
