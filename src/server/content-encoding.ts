import { createGunzip, gzip } from "node:zlib";
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
  RequestPayload,
} from "fastify";
import { NDJSON_CONTENT_TYPE } from "../call/index.js";
import type { FailCall } from "./method-route.js";
import { HttpRefusal } from "./problem-reply.js";
import { isUpload } from "./upload.js";

/**
 * A hook that reads bodies that were sent compressed (gzip). The parser's limit holds for what comes
 * out as for what comes in.
 */
export function decodingHook(fail: FailCall): preParsingHookHandler {
  return (request, reply, payload, proceed) => {
    const encoding = request.headers["content-encoding"];
    if (encoding === undefined || encoding === "identity") proceed(null, payload);
    else if (encoding.toLowerCase() !== "gzip" || isHandedOn(request)) {
      // RFC 9110, 15.5.16: what would have been understood.
      reply.header("accept-encoding", isHandedOn(request) ? "identity" : "gzip");
      fail(request, reply, new HttpRefusal(...UNKNOWN_ENCODING));
    } else proceed(null, decoded(payload));
  };
}

/** Whether a body is not parsed, but given to a handler as it arrives. */
function isHandedOn(request: FastifyRequest): boolean {
  const type = request.headers["content-type"];
  return isUpload(request) || type?.toLowerCase().startsWith(NDJSON_CONTENT_TYPE) === true;
}

const UNKNOWN_ENCODING = [
  "INVALID_ARGUMENT",
  "content-encoding must be gzip for JSON and CBOR, and identity for other bodies",
  415,
] as const;

function decoded(payload: RequestPayload): RequestPayload {
  const stream: RequestPayload = createGunzip();
  stream.receivedEncodedLength = 0;
  payload.on("data", (chunk: Buffer) => {
    stream.receivedEncodedLength = (stream.receivedEncodedLength ?? 0) + chunk.length;
  });
  payload.on("error", (error) => (stream as ReturnType<typeof createGunzip>).destroy(error));
  payload.pipe(stream as ReturnType<typeof createGunzip>);
  return stream;
}

/** Sends answers of more than some bytes compressed to callers that take it. */
export function compressAnswers(app: FastifyInstance, aboveBytes: number): void {
  app.addHook("onSend", (request, reply, payload: unknown, proceed) => {
    if (!isWorthwhile(request, reply, payload, aboveBytes)) {
      proceed(null, payload);
      return;
    }
    gzip(payload, (error, bytes) => {
      if (error !== null) {
        proceed(error);
        return;
      }
      reply.header("content-encoding", "gzip").header("vary", "accept-encoding");
      reply.header("content-length", bytes.length);
      proceed(null, bytes);
    });
  });
}

function isWorthwhile(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  aboveBytes: number,
): payload is string | Buffer {
  if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return false;
  if (payload.length <= aboveBytes || reply.hasHeader("content-encoding")) return false;
  // Compressed, the length of a secret would say something about it (CRIME, BREACH).
  if (request.routeOptions.config.isConfidential === true) return false;
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i.test(
    String(request.headers["accept-encoding"] ?? ""),
  );
}
