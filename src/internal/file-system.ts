import { builtinModule } from "./builtin-module.js";

/** `node:fs`, in the sources too: see `builtinModule`. */
export const fs: typeof import("node:fs") = builtinModule("node:fs");
