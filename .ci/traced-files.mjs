// What the package finds by names that it computes, written out for tools that copy only the files a
// program names: Vercel's nft, by which Next.js makes its standalone folders. They read a function
// that nothing calls.

/** Bundlers know these as: leave this import as it is. */
const IGNORE = "/* webpackIgnore: true */ /* @vite-ignore */";

/** In the package, beside dist: the binaries, and the file by which its folder is known. */
const FILES = ["prebuilds/", "native/addon/exports.map"];

/** The package that names prebuilds: src/internal/prebuild.ts. */
const PACKAGES = ["node-gyp-build"];

/** A plugin of rollup, for the chunk that every entry loads. */
export function tracedFiles(chunk) {
  return {
    name: "traced-files",
    generateBundle(_, bundle) {
      const deferred = Object.keys(bundle).filter((file) => file.startsWith("deferred/"));
      const modules = [...PACKAGES, ...deferred.map((file) => `../${file}`)];
      bundle[chunk].code += `
/** Never called: for tools that copy what a program names, of what is found by computed names. */
function tracedFiles() {
${modules.map((name) => `    import(${IGNORE} "${name}");\n`).join("")}\
    return [
${FILES.map((file) => `        new URL(\`\${import.meta.url}/../../../${file}\`),\n`).join("")}\
    ];
}
`;
    },
  };
}
