import { NativeError } from "../../src/errors/index.js";
import { Isolate } from "../../src/isolate/index.js";

/** Whether helpers can share memory with this process: on Linux, as far as it is built for that. */
export function sharesMemory(): boolean {
  try {
    return new Isolate({ channel: "memory" }).channel === "memory";
  } catch (error) {
    if (error instanceof NativeError) return false;
    throw error;
  }
}
