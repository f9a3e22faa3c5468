import { findHelper } from "../internal/helper.js";
import { CommandFailure } from "./failure.js";

/** The path of the helper process. Throws a CommandFailure where there is none. */
export function requireHelper(): string {
  const path = findHelper();
  if (path !== undefined) return path;
  throw new CommandFailure("the helper is not here; `npx nearfar-build` compiles it");
}
