import type { FastDispatch, NativeBinding } from "../../internal/binding.js";
import { currentLibc } from "../../internal/libc.js";

/** How calls enter native code, and why not by the faster way if they do not. */
export interface Crossing {
  /**
   * `v8`: V8's own calling sequence, 2 to 3 times faster, on versions of V8 that were tested.
   * `node-api`: always there. `helper`: calls of libraries that are isolated.
   */
  readonly name: "v8" | "node-api" | "helper";
  readonly reason: string;
  readonly dispatch: (token: number) => void;
  /**
   * With memory or a string as an argument, where JavaScript cannot be entered; see FastDispatch.
   */
  readonly withMemory: Pick<FastDispatch, "views" | "text"> | undefined;
  /**
   * Takes the place of `dispatch` while callbacks exist; undefined where JavaScript may run inside
   * of `dispatch`.
   */
  readonly reentrant: ((token: number) => void) | undefined;
}

/** Chooses the crossing of this environment; `NEARFAR_FAST=off` keeps to Node-API. */
export function chooseCrossing(binding: NativeBinding): Crossing {
  const obstacle = obstacleToV8();
  if (obstacle !== undefined) return byNodeApi(binding, obstacle);
  try {
    const reason = `V8 ${process.versions.v8} is one that was tested`;
    const { dispatch, reentrant, ...withMemory } = binding.createFastDispatch();
    return { name: "v8", reason, dispatch, withMemory, reentrant };
  } catch (error) {
    return byNodeApi(binding, error instanceof Error ? error.message : String(error));
  }
}

function byNodeApi(binding: NativeBinding, reason: string): Crossing {
  const { dispatch } = binding;
  return { name: "node-api", reason, dispatch, withMemory: undefined, reentrant: undefined };
}

/** Where the V8 crossing has been run by the tests; elsewhere a mistake would be a crash. */
const TESTED_TARGETS = ["linux-x64-glibc"];

/** What says against it before native code is asked. */
function obstacleToV8(): string | undefined {
  if (process.env.NEARFAR_FAST === "off") return "switched off by NEARFAR_FAST=off";
  const target = [process.platform, process.arch, currentLibc() ?? []].flat().join("-");
  if (!TESTED_TARGETS.includes(target)) return `V8's fast call was not tested on ${target} yet`;
  const other = ["electron", "bun", "deno"].find((name) => process.versions[name] !== undefined);
  return other === undefined ? undefined : `${other} builds V8 in another way, or has none`;
}
