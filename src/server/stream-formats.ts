import { type Frame, frameError, NDJSON_CONTENT_TYPE } from "../call/index.js";
import type { ServiceError } from "../errors/index.js";

/** How the items of a stream are written, and its end. */
export interface StreamFormat {
  readonly contentType: string;
  item(seq: number, item: unknown): string;
  end(seq: number): string;
  error(seq: number, error: ServiceError): string;
}

/** A line for each frame. */
export const ndjsonFormat: StreamFormat = {
  contentType: NDJSON_CONTENT_TYPE,
  item: (seq, item) => line({ seq, item }),
  end: (seq) => line({ seq, end: true }),
  error: (seq, error) => line({ seq, error: frameError(error) }),
};

/**
 * Server-sent events (WHATWG HTML, 9.2), for browsers: an item is a `message`, whose `id` a browser
 * sends back when it reconnects. It reconnects after an end too, unless told by the event `end`.
 */
export const eventFormat: StreamFormat = {
  contentType: "text/event-stream",
  item: (seq, item) => `id: ${seq}\ndata: ${JSON.stringify(item)}\n\n`,
  end: (seq) => `id: ${seq - 1}\nevent: end\ndata: {}\n\n`,
  error: (seq, error) =>
    `id: ${seq - 1}\nevent: error\ndata: ${JSON.stringify(frameError(error))}\n\n`,
};

function line(frame: Frame): string {
  return `${JSON.stringify(frame)}\n`;
}
