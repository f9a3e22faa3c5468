import { type ServiceCode, ServiceError } from "../errors/index.js";
import { errorOfProblem } from "../service/problem.js";

/** Streams travel as lines of JSON, each a frame: the caller's arguments, an item, or the end. */
export const NDJSON_CONTENT_TYPE = "application/x-ndjson";

/**
 * A line of a stream. Items are numbered from 1 (or after what the caller has had); the last frame
 * is an end or an error, so that a stream that was cut on the way is told from one that is
 * complete.
 */
export type Frame =
  | { readonly seq: number; readonly item: unknown }
  | { readonly seq: number; readonly end: true }
  | { readonly seq: number; readonly error: FrameError }
  | { readonly args: unknown };

/** A ServiceError on its way. */
export interface FrameError {
  readonly code: ServiceCode;
  readonly detail: string;
}

export function frameError({ code, message }: ServiceError): FrameError {
  return { code, detail: message };
}

/** How much text is sent at once while more comes; a socket write costs as much as 20 frames. */
const CHUNK_LENGTH = 16 * 1024;

/**
 * The bytes of a stream of text: what comes within one turn of the event loop is sent together, up
 * to 16 KiB, and nothing waits longer than that.
 */
export async function* gather(texts: AsyncIterator<string>): AsyncGenerator<Buffer> {
  let next: Promise<IteratorResult<string>> | undefined;
  try {
    for (;;) {
      next ??= texts.next();
      const first = await next;
      next = undefined;
      if (first.done === true) return;
      let text = first.value;
      const turn = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
      while (text.length < CHUNK_LENGTH) {
        next = texts.next();
        const more = await Promise.race([next, turn]);
        if (more === undefined || more.done === true) break;
        text += more.value;
        next = undefined;
      }
      yield Buffer.from(text);
    }
  } finally {
    next?.catch(() => undefined);
    await texts.return?.();
  }
}

/** Splits bytes into lines and parses them. Throws for what is no JSON, and for endless lines. */
export class LineParser {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private parts: string[] = [];
  private length = 0;

  constructor(
    private readonly maxLength: number,
    private readonly parse: (text: string) => unknown,
  ) {}

  /** The lines that a chunk completes. */
  *push(chunk: Uint8Array): Generator<unknown> {
    const text = this.decoder.decode(chunk, { stream: true });
    let start = 0;
    for (;;) {
      const end = text.indexOf("\n", start);
      this.keep(text.slice(start, end < 0 ? undefined : end));
      if (end < 0) return;
      const line = this.parts.length === 1 ? (this.parts[0] ?? "") : this.parts.join("");
      this.parts = [];
      this.length = 0;
      if (line.trim() !== "") yield this.parse(line);
      start = end + 1;
    }
  }

  private keep(part: string): void {
    this.parts.push(part);
    this.length += part.length;
    if (this.length > this.maxLength) {
      throw new ServiceError(
        "RESOURCE_EXHAUSTED",
        `a line of a stream must be at most ${this.maxLength} characters`,
      );
    }
  }
}

/** Reads the frames of one stream in their order. */
export class FrameReader {
  private isEnded = false;

  constructor(private sequence = 0) {}

  /** An item, or undefined for the end. Throws the error that the stream ends with. */
  read(frame: unknown): { readonly item: unknown } | undefined {
    const { seq, item, end, error } = frame as Readonly<Record<string, unknown>>;
    if (error !== undefined) {
      throw errorOfProblem(error) ?? new ServiceError("UNKNOWN", "the stream ended with an error");
    }
    if (this.isEnded || seq !== this.sequence + 1) {
      throw new ServiceError("DATA_LOSS", `item ${this.sequence + 1} of the stream is missing`);
    }
    this.sequence++;
    if (end !== true) return { item };
    this.isEnded = true;
    return undefined;
  }
}
