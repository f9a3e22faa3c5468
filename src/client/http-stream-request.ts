import { gather, NDJSON_CONTENT_TYPE, type TransportRequest } from "../call/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { RESUME_HEADER, TIMEOUT_HEADER } from "../service/problem.js";
import type { HttpRequest } from "./http-origin.js";

/** Headers and body of a call with a stream, in either direction. */
export function streamRequest(request: TransportRequest): Omit<HttpRequest, "path"> {
  const { args, items, timeoutMs, resumeAfter } = request;
  const givesStream = request.stream !== "client";
  return {
    headers: {
      "content-type": items === undefined ? "application/json" : NDJSON_CONTENT_TYPE,
      ...(givesStream && { accept: `${NDJSON_CONTENT_TYPE}, application/problem+json` }),
      ...(timeoutMs < MAX_TIMEOUT_MS && { [TIMEOUT_HEADER]: String(timeoutMs) }),
      ...(resumeAfter !== undefined && { [RESUME_HEADER]: String(resumeAfter) }),
      ...request.headers,
    },
    body: items === undefined ? JSON.stringify(args) : gather(lines(args, items)),
  };
}

/** A line with the arguments, one for each item, and the end. */
async function* lines(
  args: TransportRequest["args"],
  items: AsyncIterable<unknown>,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ args })}\n`;
  let seq = 0;
  for await (const item of items) yield `${JSON.stringify({ seq: ++seq, item })}\n`;
  yield `${JSON.stringify({ seq: ++seq, end: true })}\n`;
}
