// Takes modules of Node by src/internal/builtin-module.ts, which says why, where the sources import them
// statically.
const PREFIX = "\0builtin:";

/** Those that Node has loaded anyway; what others cost is for their importers alone. */
const LOADED = new Set(["node:buffer", "node:path", "node:url", "node:util/types"]);

/** A plugin of rollup. `loader` is the file that exports `builtinModule`. */
export function builtinModules(loader) {
  return {
    name: "builtin-modules",
    api: { owns: (id) => id.startsWith(PREFIX) },
    resolveId(source) {
      if (!source.startsWith("node:")) return null;
      if (!LOADED.has(source)) return { id: source, external: true };
      return { id: PREFIX + source, moduleSideEffects: false };
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const name = id.slice(PREFIX.length);
      const variable = name.replace(/\W/g, "_");
      const code =
        `import { builtinModule } from ${JSON.stringify(loader)};\n` +
        `export const ${variable} = /* @__PURE__ */ builtinModule("${name}");\n`;
      return { code, syntheticNamedExports: variable };
    },
  };
}
