import { canGenerateCode } from "./code-generation.js";
import { interpretAsyncMarshaller, interpretMarshaller } from "./deferred.js";
import type { Engine } from "./engine.js";
import { generateAsyncMarshaller, generateMarshaller } from "./marshal-generated.js";
import type { AsyncMarshallerFactory, Lowered, MarshallerFactory } from "./marshaller.js";

/**
 * A marshaller factory for a signature: generated code, or, where the process forbids that
 * (`--disallow-code-generation-from-strings`), an interpreter that behaves the same and is slower.
 */
export function createMarshallerFactory(engine: Engine, lowered: Lowered): MarshallerFactory {
  return (canGenerateCode() ? generateMarshaller : interpretMarshaller)(engine, lowered);
}

/** The same for calls on the thread pool. */
export function createAsyncMarshallerFactory(
  engine: Engine,
  lowered: Lowered,
): AsyncMarshallerFactory {
  return (canGenerateCode() ? generateAsyncMarshaller : interpretAsyncMarshaller)(engine, lowered);
}
