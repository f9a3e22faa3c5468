/**
 * A module of Node without the ES module that `import` would make of it, which costs 0.2 ms and
 * reads every export: of `node:fs` that loads Node's streams, in 3 to 5 ms. In `dist` every import
 * of those that Node has loaded anyway has become a call of this (.ci/builtin-modules.mjs).
 */
export function builtinModule<const Name extends keyof BuiltinModules>(
  name: Name,
): BuiltinModules[Name] {
  // An older Node lacks this first; npm only warns of `engines`.
  if (typeof process.getBuiltinModule !== "function") {
    throw new Error(`nearfar needs Node 20.19 or later, this is ${process.versions.node}`);
  }
  return process.getBuiltinModule(name) as BuiltinModules[Name];
}

interface BuiltinModules {
  readonly "node:fs": typeof import("node:fs");
  readonly "node:module": typeof import("node:module");
}
