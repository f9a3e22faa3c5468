import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { gather, NDJSON_CONTENT_TYPE, type ServedMethod, type Source } from "../call/index.js";
import type { ServiceError } from "../errors/index.js";
import { quote } from "../service/names.js";
import { requireIdentity } from "./content-encoding.js";
import { HttpCall } from "./http-call.js";
import { type FailCall, readResumption, readTimeout, sendResult } from "./method-route.js";
import { httpRefusal } from "./problem-reply.js";
import { fromQuery } from "./query-value.js";
import { takesItsTime } from "./request-timeouts.js";
import { eventFormat, ndjsonFormat, type StreamFormat } from "./stream-formats.js";
import { readUpload } from "./stream-upload.js";

/** What the routes of methods with streams are made of. */
export interface StreamRouteParts {
  /** The longest line of a body. */
  readonly bodyLimitBytes: number;
  readonly fail: FailCall;
  /** What a caller is told of a failure after the stream has begun. */
  readonly explain: (request: FastifyRequest, error: unknown) => ServiceError;
}

const EVENT_STREAM = "text/event-stream";

/**
 * The route handler of a method with a stream, in either direction. What fails at once fails with a
 * status of its own, as any call; what fails later, within the stream.
 */
export function streamRoute(
  method: ServedMethod,
  parts: StreamRouteParts,
): (request: FastifyRequest, reply: FastifyReply) => void {
  return (request, reply) => {
    answer(method, parts, request, reply).catch((error: unknown) => {
      parts.fail(request, reply, error);
    });
  };
}

async function answer(
  method: ServedMethod,
  parts: StreamRouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { definition, service } = method;
  const timeoutMs = readTimeout(request.headers);
  const resumeAfter = definition.resumable ? readResumption(request.headers) : undefined;
  const call = new HttpCall(service, definition.name, timeoutMs, request, reply, resumeAfter);
  const { args, items } = await readArguments(method, parts, request);
  if (!method.givesStream) {
    sendResult(request, reply, await method.call(args, call, items));
    return;
  }
  const stream = await method.stream(args, call, items);
  const first = stream.next();
  await failsAtOnce(first);
  const format = chooseFormat(request);
  const explain = (error: unknown): ServiceError => parts.explain(request, error);
  const texts = write(stream, first, format, call.resumeAfter ?? 0, explain);
  reply.header("content-type", format.contentType).header("cache-control", "no-store");
  // Proxies that hold answers back until they have all of them would hold a stream for ever.
  reply.header("x-accel-buffering", "no");
  reply.send(Readable.from(gather(texts), { objectMode: false }));
}

async function readArguments(
  { definition, label }: ServedMethod,
  { bodyLimitBytes }: StreamRouteParts,
  request: FastifyRequest,
): Promise<{ readonly args: unknown; readonly items?: Source }> {
  const isUpload = request.headers["content-type"]?.startsWith(NDJSON_CONTENT_TYPE) === true;
  if (isUpload) requireIdentity(request);
  if (definition.items !== undefined) {
    if (isUpload) {
      takesItsTime(request.raw);
      return readUpload(request.raw, bodyLimitBytes);
    }
    const message = `${label} takes a stream: content-type must be ${NDJSON_CONTENT_TYPE}`;
    throw httpRefusal("INVALID_ARGUMENT", message, 415);
  }
  if (isUpload) {
    const message = `${label} takes no stream: content-type must be application/json`;
    throw httpRefusal("INVALID_ARGUMENT", message, 415);
  }
  return { args: request.method === "GET" ? queryArguments(request) : request.body };
}

/** Arguments by name, as text where they are no JSON; what EventSource of a browser can send. */
function queryArguments({ query }: FastifyRequest): unknown {
  const named = Object.entries(query as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    named.map(([name, text]) => {
      if (typeof text === "string") return [name, fromQuery(text)];
      const message = `the query must have ${quote(name)} only once`;
      throw httpRefusal("INVALID_ARGUMENT", message, 400);
    }),
  );
}

/** Gives a stream one turn of the event loop to fail. */
async function failsAtOnce(first: Promise<unknown>): Promise<void> {
  await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
}

function chooseFormat({ headers }: FastifyRequest): StreamFormat {
  return headers.accept?.includes(EVENT_STREAM) === true ? eventFormat : ndjsonFormat;
}

async function* write(
  stream: AsyncIterableIterator<unknown>,
  first: Promise<IteratorResult<unknown>>,
  format: StreamFormat,
  after: number,
  explain: (error: unknown) => ServiceError,
): AsyncGenerator<string> {
  let seq = after;
  try {
    for (let step = await first; step.done !== true; step = await stream.next()) {
      yield format.item(++seq, step.value);
    }
    yield format.end(++seq);
  } catch (error) {
    yield format.error(++seq, explain(error));
  } finally {
    await stream.return?.();
  }
}
