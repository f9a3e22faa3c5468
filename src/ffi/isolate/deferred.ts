// Helper processes, for most programs a thing they do without: loaded when a function of this file
// is first called (docs/architecture.md, "What is shipped").
import type { Host } from "../call/host.js";
import { Isolate } from "./isolate.js";
import type { IsolateOptions } from "./options.js";

export { resolveIsolateOptions } from "./options.js";

export function newIsolate(options: IsolateOptions): Isolate {
  return new Isolate(options);
}

export function isIsolate(value: unknown): value is Isolate {
  return value instanceof Isolate;
}

/** Where an isolated library lives: an Isolate of its own, unless one is given. */
export function isolatedHost(isolation: Isolate | IsolateOptions): Host {
  if (isolation instanceof Isolate) return isolation.host(false);
  return new Isolate(isolation).host(true);
}
