// Compiles batches and has them exercised, each in processes of their own: a crash is a result.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceOf } from "./c-source.mjs";
import { compile, run } from "./compiler.mjs";

const main = fileURLToPath(new URL("./main.mjs", import.meta.url));

const isolated = new URL("../isolated-package.mjs", import.meta.url).href;

/** All ways to call: see main.mjs. */
export const WAYS = [
  ...["plain", "async", "map"],
  ...["listener", "async listener", "callback", "async callback"],
];

/** How a process is set up. Not all differ in all ways. */
export const MODES = {
  v8: { flags: ["--allow-natives-syntax"], env: {}, ways: WAYS },
  "node-api": {
    flags: [],
    env: { NEARFAR_FAST: "off" },
    ways: ["plain", "listener", "callback"],
  },
  interpreted: {
    flags: ["--disallow-code-generation-from-strings"],
    env: {},
    ways: ["plain", "async", "map", "listener", "callback"],
  },
};

/** The same in helper processes: where there are some, and when asked for. */
export const ISOLATED_MODES = {
  isolated: { flags: [], env: {}, ways: WAYS, entry: isolated },
  "isolated-interpreted": {
    flags: ["--disallow-code-generation-from-strings"],
    env: {},
    ways: ["plain", "async", "map", "listener", "callback"],
    entry: isolated,
  },
};

export class Runner {
  #counter = 0;

  /**
   * `node` is the program that runs, with arguments that come first; `entry` the URL of the package
   * under test.
   */
  constructor({ node, entry, directory }) {
    this.node = node;
    this.entry = entry;
    this.directory = directory;
  }

  /** Compiles a batch. */
  async build(batch, compiler) {
    const name = join(this.directory, `batch${this.#counter++}`);
    const files = { batch: `${name}.json`, source: `${name}.c`, library: `${name}.so` };
    writeFileSync(files.batch, JSON.stringify(batch));
    writeFileSync(files.source, sourceOf(batch));
    await compile(compiler, files.source, files.library);
    return files;
  }

  /** Exercises a compiled batch: what main.mjs printed, or what ended the process. */
  async exercise(files, modeName, { ways, rounds = 1 } = {}) {
    const mode = MODES[modeName] ?? ISOLATED_MODES[modeName];
    const progress = `${files.library}.${modeName}.progress`;
    const options = {
      package: mode.entry ?? this.entry,
      batch: files.batch,
      library: files.library,
      progress,
      ways: mode.ways.filter((way) => ways === undefined || ways.includes(way)),
      rounds,
    };
    const [program, ...first] = this.node;
    const args = [...first, ...mode.flags, main, JSON.stringify(options)];
    // One thread: rows of a vector call are recorded one after the other.
    const { status, output } = await run(program, args, { ...mode.env, NEARFAR_THREADS: "1" });
    return { mode: modeName, ...(parse(output) ?? crash(status, output, progress)) };
  }
}

function parse(output) {
  try {
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch {
    return undefined;
  }
}

function crash(status, output, progress) {
  let where = "";
  try {
    where = readFileSync(progress, "utf8").trim();
  } catch {
    // It ended before the first call.
  }
  const [name, ...way] = where.split(" ");
  const problems = [`the process ended with ${status}`, output.slice(-OUTPUT_SHOWN)];
  return { ok: false, name: name || undefined, way: way.join(" ") || "start", problems };
}

const OUTPUT_SHOWN = 4000;
