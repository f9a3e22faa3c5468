// What users' compilers make of the declarations, checked with them.
import { cpSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../support/package.mjs";
import { run } from "../support/run.mjs";

const tools = fileURLToPath(new URL("../node_modules/", import.meta.url));
const require = createRequire(import.meta.url);

const program = `
import { createClient, defineService, t } from "nearfar";
import { hash, importPublicKey, verify } from "nearfar/crypto";
import { alloc, cdef, dlopen, struct } from "nearfar/ffi";
import { CryptoService } from "nearfar/services";

const { functions } = dlopen(null, { labs: "long labs(long)" });
const absolute: bigint = functions.labs(-5);
const Service = defineService({
  name: "Service",
  methods: {
    half: { parameters: [t.param("x", t.number())], result: t.number(), handler: (x) => x / 2 },
    cos: { native: { library: "m", declaration: "double cos(double x)" }, handler: (x) => Math.cos(x) },
  },
});
const client = createClient(Service, { baseUrl: "http://127.0.0.1:9" });
const half: Promise<number> = client.half(3);
const cosine: Promise<number> = client.cos(0);
const digest: string = hash("sha256", "text");
// @ts-expect-error: the parameter is a number
client.half("3");
export { absolute, alloc, cdef, cosine, CryptoService, digest, half, importPublicKey, struct, verify };
`;

/**
 * The ways of resolving that understand "exports". node16 stands for a Node without require of ESM.
 */
const resolutions = [
  ["node16", "node16", "main.mts"],
  ["nodenext", "nodenext", "main.mts"],
  ["esnext", "bundler", "main.ts"],
];

const versions = ["54", "55", "56", "57", "58", "59", "60"];

export const rows = [
  row("TypeScript 7", join(root, "node_modules", "typescript"), true),
  ...versions.map((version) =>
    row(`TypeScript ${version[0]}.${version[1]}`, join(tools, `typescript${version}`), false),
  ),
];

function row(name, compiler, quick) {
  return {
    name,
    quick,
    run: async ({ create }) => {
      const project = create(Object.fromEntries(resolutions.map(([, , file]) => [file, program])));
      for (const types of ["@types/node", "undici-types"]) {
        const from = dirname(require.resolve(`${types}/package.json`, { paths: [root] }));
        if (existsSync(from))
          cpSync(from, join(project, "node_modules", types), { recursive: true });
      }
      for (const [module, moduleResolution, file] of resolutions) {
        const options = ["--strict", "--noEmit", "--target", "es2022", "--types", "node"];
        const how = ["--module", module, "--moduleResolution", moduleResolution, file];
        const tsc = join(compiler, "bin", "tsc");
        await run(process.execPath, [tsc, ...options, ...how], project);
      }
    },
  };
}
