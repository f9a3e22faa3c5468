// `vi.resetModules` without Vite: from then on, what tests import of src/ is evaluated anew, with all
// that it imports there. Node keeps modules by their URL: each time they get one of their own.
import { register } from "node:module";
import { pathToFileURL } from "node:url";

/** How often; shared with the thread that resolves. */
const resets = new Int32Array(new SharedArrayBuffer(4));

/** In the staged tree, where test files are run. */
const sources = pathToFileURL("src/").href;

register("./fresh-modules-hooks.mjs", import.meta.url, { data: { resets, sources } });

export function resetModules() {
  Atomics.add(resets, 0, 1);
}
