import type { NativeBinding } from "../../internal/binding.js";
import type { AnyFunction } from "../types/value-types.js";
import { type Engine, requireEngine } from "./engine.js";
import { createForeignFunction, type FunctionSource } from "./foreign-function.js";

/** Where libraries are loaded and their functions called: this process, or helper processes. */
export interface Host {
  /** The engine that callbacks and variables use. */
  readonly engine: Engine;
  readonly libraries: Pick<NativeBinding, "openLibrary" | "findSymbol" | "closeLibrary">;
  createFunction(source: FunctionSource): AnyFunction;
  /** The library that it was made for is closed. */
  close(): void;
}

/** This process. */
export function localHost(): Host {
  const engine = requireEngine();
  return {
    engine,
    libraries: engine.binding,
    createFunction: createForeignFunction,
    close: () => {},
  };
}
