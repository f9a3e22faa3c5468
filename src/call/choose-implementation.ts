import { ServiceError } from "../errors/index.js";
import type { Handler, MethodDefinition } from "../service/definition.js";
import type { ServiceHelpers } from "../service/isolated-functions.js";
import { resolveNative } from "../service/native-functions.js";
import { callContext } from "./call-context.js";

export type Implementation = (...args: unknown[]) => unknown;

/** The native function where there is one; the handler otherwise; at worst the reason why not. */
export function chooseImplementation(
  label: string,
  method: MethodDefinition,
  handler: Handler | undefined,
  helpers: ServiceHelpers,
): Implementation {
  if (method.api === "ffi") {
    return () => {
      throw new ServiceError("UNIMPLEMENTED", `${label} runs near only: its api is "ffi"`);
    };
  }
  const native = resolveNative(method, helpers);
  if (native.call !== undefined) {
    if (native.queued === undefined) return native.callConverted;
    const { callConverted } = native.queued;
    // A caller who is gone, or whose time is up, does not keep a place in the queue.
    return (...args) => callConverted(callContext().signal, ...args);
  }
  if (handler !== undefined) return handler as Implementation;
  return () => {
    throw new ServiceError(
      "UNIMPLEMENTED",
      `${label} has no handler on this server, and ${native.reason}`,
    );
  };
}
