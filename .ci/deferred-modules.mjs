// What src/**/deferred.ts export becomes modules of their own, loaded when one of their functions is
// first called: each import of such a file becomes functions that load it by
// src/internal/load-deferred.ts. Node parses 20 MB of JavaScript a second, and that is most of what an
// import of nearfar takes.
//
// A bundler does not see what is loaded so. It takes the exports' condition "module", which Node does
// not know: a module in dist/bundled that imports everything.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

const PREFIX = "\0deferred:";

/** A plugin of rollup. `entries` are the modules of dist by subpath of the package. */
export function deferredModules({ compiled, entries }) {
  const loader = join(compiled, "internal", "load-deferred.js");
  const isDeferred = (id) => basename(id) === "deferred.js" && !id.startsWith(PREFIX);
  /** `ffi-declaration` of `ffi/declaration/deferred.js`. */
  const nameOf = (id) => relative(compiled, dirname(id)).split(sep).join("-");
  return {
    name: "deferred-modules",
    api: { isDeferred, isLoader: (id) => id.startsWith(PREFIX) },
    buildStart() {
      this.emitFile({ type: "chunk", id: loader, fileName: "shared/load-deferred.js" });
      for (const path of readdirSync(compiled, { recursive: true })) {
        const id = join(compiled, path);
        if (!isDeferred(id)) continue;
        this.emitFile({ type: "chunk", id, fileName: `deferred/${nameOf(id)}.js` });
      }
    },
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith(".")) return null;
      const id = resolve(dirname(importer), source);
      return isDeferred(id) ? { id: PREFIX + id, moduleSideEffects: false } : null;
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const file = id.slice(PREFIX.length);
      const program = this.parse(readFileSync(file, "utf8"));
      const name = JSON.stringify(nameOf(file));
      const functions = exportedNames(program).map(
        (exported) =>
          `export function ${exported}(...args) {\n` +
          `    loaded ??= loadDeferred(${name});\n` +
          `    return loaded.${exported}(...args);\n}\n`,
      );
      const load = `import { loadDeferred } from ${JSON.stringify(loader)};\nlet loaded;\n`;
      return load + functions.join("");
    },
    generateBundle(_, bundle) {
      for (const [subpath, file] of Object.entries(entries)) {
        const fileName = file.replace("./dist/", "");
        const { facadeModuleId, exports } = bundle[fileName];
        const needed = [...deferredBelow(facadeModuleId, (id) => this.getModuleInfo(id))];
        this.emitFile({
          type: "asset",
          fileName: `bundled/${basename(subpath === "." ? "index" : subpath)}.js`,
          source: bundledEntry(fileName, exports, needed.map(nameOf)),
        });
      }
    },
  };
}

function exportedNames({ body }) {
  return body
    .filter(({ type }) => type === "ExportNamedDeclaration")
    .flatMap(({ declaration, specifiers }) =>
      declaration ? [declaration.id.name] : specifiers.map(({ exported }) => exported.name),
    );
}

/** The deferred files that something may come to load, through others of them too. */
function deferredBelow(id, getModuleInfo, seen = new Set(), found = new Set()) {
  if (seen.has(id)) return found;
  seen.add(id);
  const file = id.startsWith(PREFIX) ? id.slice(PREFIX.length) : undefined;
  if (file !== undefined) {
    found.add(file);
    deferredBelow(file, getModuleInfo, seen, found);
  }
  for (const next of getModuleInfo(id)?.importedIds ?? []) {
    deferredBelow(next, getModuleInfo, seen, found);
  }
  return found;
}

function bundledEntry(fileName, exports, names) {
  return [
    "// For bundlers: with everything that Node loads when it is needed.",
    'import { provideDeferred } from "../shared/load-deferred.js";',
    ...names.map((name, index) => `import * as module${index} from "../deferred/${name}.js";`),
    ...names.map((name, index) => `provideDeferred("${name}", module${index});`),
    `export * from "../${fileName}";`,
    ...(exports.includes("default") ? [`export { default } from "../${fileName}";`] : []),
    "",
  ].join("\n");
}
