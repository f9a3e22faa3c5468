import type { Transform } from "node:stream";
import type { Data } from "./data.js";

/** What the streams need of a hasher. */
interface Updatable {
  update(data: Data): unknown;
}

/** Strings arrive as they were written: `decodeStrings` would make Buffers of them. */
export function createNodeStream(hasher: Updatable): Transform {
  // Not imported: loading Node's streams takes longer than all of nearfar/crypto.
  const { Transform } = process.getBuiltinModule("node:stream");
  return new Transform({
    decodeStrings: false,
    transform(chunk: Data, encoding, done) {
      try {
        const isEncoded = typeof chunk === "string" && !/^utf-?8$/.test(encoding);
        hasher.update(isEncoded ? Buffer.from(chunk, encoding) : chunk);
        done(null, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

export function createWebStream(hasher: Updatable): TransformStream<Data, Data> {
  return new TransformStream<Data, Data>({
    transform(chunk, controller) {
      hasher.update(chunk);
      controller.enqueue(chunk);
    },
  });
}
