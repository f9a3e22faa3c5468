import { requireFromHere } from "./package-info.js";

/** The exports of a module that has functions only. */
export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

const loaded = new Map<string, Functions>();

/**
 * A module of `dist/deferred` that is loaded when it is first needed. In the sources a
 * `deferred.ts` is imported as any other file; .ci/deferred-modules.mjs makes of such an import functions
 * that call this one. Synchronous: every Node that we support can `require` an ES module.
 */
export function loadDeferred(name: string): Functions {
  let functions = loaded.get(name);
  if (functions === undefined) {
    functions = requireModule(name);
    loaded.set(name, functions);
  }
  return functions;
}

/**
 * For bundles, which cannot load what is not in them: an entry of theirs hands over every module.
 */
export function provideDeferred(name: string, functions: Functions): void {
  loaded.set(name, functions);
}

function requireModule(name: string): Functions {
  try {
    return requireFromHere(`../deferred/${name}.js`) as Functions;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw cause;
    throw new Error(
      `this code was bundled without nearfar's module ${name}; keep nearfar out of the bundle (mark ` +
        'it as external), or let the bundler resolve packages with the condition "module"',
      { cause },
    );
  }
}
