// Empty directories with the package installed in them.
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.mjs";

const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Makes projects in new directories below `folder`. The tarball is installed once and copied. */
export async function createWorkshop(folder, { tarball, sources }) {
  const installed = join(folder, "installed");
  write(installed, { "package.json": { private: true, type: "module" } });
  await run("npm", [...install, tarball, "fastify@5"], installed);
  /** A directory with nothing but these files; objects become JSON. */
  const empty = (files = {}) => {
    const directory = mkdtempSync(join(folder, "project-"));
    write(directory, { "package.json": { private: true, type: "module" }, ...files });
    return directory;
  };
  /** With what npm installs of the tarball. */
  const create = (files) => {
    const directory = empty(files);
    const modules = join(directory, "node_modules");
    cpSync(join(installed, "node_modules"), modules, { recursive: true, verbatimSymlinks: true });
    return directory;
  };
  return { tarball, sources, empty, create };
}

function write(directory, files) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
}
