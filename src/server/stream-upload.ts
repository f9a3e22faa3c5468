import type { Readable } from "node:stream";
import {
  DuplicateKeyError,
  FrameReader,
  LineParser,
  parseJson,
  type Source,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";

/**
 * Reads the body of a call with a stream: a line with the arguments, then the items, as they are
 * asked for.
 */
export async function readUpload(
  body: Readable,
  maxLineLength: number,
): Promise<{ readonly args: unknown; readonly items: Source }> {
  const lines = readLines(body, maxLineLength);
  const first = await lines.next();
  const opening = first.done === true ? undefined : first.value;
  if (typeof opening !== "object" || opening === null || !Object.hasOwn(opening, "args")) {
    await lines.return(undefined);
    throw invalid('the first line of the body must be { "args": [...] }');
  }
  return { args: (opening as { readonly args: unknown }).args, items: readItems(lines) };
}

async function* readItems(lines: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const frames = new FrameReader();
  for await (const line of lines) {
    if (typeof line !== "object" || line === null) throw invalid("a line must be a JSON object");
    const frame = frames.read(line);
    if (frame === undefined) return;
    yield frame.item;
  }
  throw new ServiceError("CANCELLED", "the stream of the caller broke off");
}

async function* readLines(body: Readable, maxLineLength: number): AsyncGenerator<unknown> {
  const parser = new LineParser(maxLineLength, parseJson);
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      yield* parser.push(chunk as Uint8Array);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (error instanceof DuplicateKeyError) {
      throw invalid(`a line of the body must have the key ${error.path} only once`);
    }
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw invalid("body must be lines of valid JSON in UTF-8");
    }
    throw new ServiceError("CANCELLED", "the caller is gone", { cause: error });
  } finally {
    // What nobody reads any more is let through, so that the caller comes to read the answer.
    body.resume();
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError("INVALID_ARGUMENT", message);
}
