// Deployments that take along only the files that a program names, as Next.js and serverless
// platforms make them with Vercel's nft.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { run } from "../support/run.mjs";

const require = createRequire(import.meta.url);

export const rows = [
  {
    name: "traced by nft, as Next.js makes its standalone folder",
    run: async ({ create, empty }) => {
      const project = create({ "main.mjs": program });
      const { nodeFileTrace } = require("@vercel/nft");
      const { fileList } = await nodeFileTrace([join(project, "main.mjs")], { base: project });
      const deployed = empty();
      for (const file of fileList) cpSync(join(project, file), join(deployed, file));
      assert.equal(await run(process.execPath, ["main.mjs"], deployed), "native near 5 6\n");
      return `${fileList.size} files`;
    },
  },
];

/** What the package finds or loads late: the binary, the parser of C, a helper process. */
const program = `
import { createClient } from "nearfar";
import { backend } from "nearfar/crypto";
import { cdef, dlopen } from "nearfar/ffi";
import { CryptoService } from "nearfar/services";
const client = createClient(CryptoService, { mode: "ffi" });
const { functions } = dlopen(null, cdef("long labs(long x);"));
const isolated = dlopen(null, { labs: "long labs(long)" }, { isolate: true });
const absolute = await isolated.functions.labs(-6);
const { route } = client.$routes.hash_data;
console.log([backend, route, functions.labs(-5), absolute].join(" "));
isolated.lib.close();
`;
