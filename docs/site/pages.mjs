// The sidebar, and what stands where on the site. Each file of docs/ is a page of one group.

/** Pages of docs/ by their group, in reading order, with their names in the sidebar. */
export const GROUPS = {
  Start: {
    "getting-started": "Getting started",
    choosing: "Choosing an interface",
    migration: "Coming from koffi, ffi-napi, node:ffi",
    troubleshooting: "Troubleshooting by error code",
  },
  "Calling C": {
    ffi: "Guide",
    structs: "Structs and headers",
    callbacks: "Callbacks, asynchronous and vector calls",
    "node-ffi": "Beside node:ffi",
  },
  Crypto: { crypto: "Hashing and signing" },
  Services: {
    services: "Guide",
    calls: "Ways to call",
    production: "In production",
    rest: "REST",
  },
  Isolation: {
    isolation: "Guide",
    sandbox: "Sandbox",
    "helper-protocol": "Helper protocol",
  },
  "Know more": {
    safety: "Safety",
    benchmarks: "Benchmarks",
    architecture: "Architecture",
  },
  "From other languages": { "c-abi": "C ABI" },
};

/** Pages made of what is not in docs/: the file, and its name in the sidebar. */
export const OTHER_PAGES = {
  "CHANGELOG.md": { page: "changelog.md", text: "Changelog" },
  "CONTRIBUTING.md": { page: "contributing.md", text: "Contributing" },
};

/** The header of the C ABI, which is its reference. */
export const HEADER = "native/include/nearfar.h";

/** The page of a file of the repository, or undefined: the site does not have it. */
export function pageOf(file) {
  if (file === "README.md") return "index.md";
  if (file === HEADER) return "nearfar.h.md";
  if (file === "examples" || file === "examples/") return "examples/index.md";
  if (file.startsWith("examples/")) return `${file}.md`;
  if (/^docs\/[^/]+\.md$/.test(file)) return file.slice("docs/".length);
  return OTHER_PAGES[file]?.page;
}

/** The modules of the package by their pages of the API reference, from what package.json exports. */
export function modulesOf({ name, exports }) {
  return Object.entries(exports)
    .filter(([, entry]) => entry.types !== undefined)
    .map(([path, entry]) => ({
      name: path === "." ? name : `${name}${path.slice(1)}`,
      page: path === "." ? name : path.slice(2),
      source: entry.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, "src/$1.ts"),
    }));
}

/** A heading's anchor, as GitHub makes it, so that a link leads to the same place there and here. */
export function slugify(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
    .replaceAll(" ", "-");
}
