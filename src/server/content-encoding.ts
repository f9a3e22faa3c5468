import { gunzip, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpRefusal, httpRefusal } from "./problem-reply.js";

/**
 * The refusal of a body in an encoding that is not understood; `accepted` is (RFC 9110, 15.5.16).
 */
export class EncodingRefusal extends HttpRefusal {
  constructor(readonly accepted: "gzip" | "identity") {
    super("INVALID_ARGUMENT", `content-encoding must be ${accepted}`, 415);
  }
}

/** Whether a body was sent in some encoding. */
export function isEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity";
}

/**
 * Unpacks a whole body that was sent compressed (gzip); it is no longer then than others may be.
 */
export async function decodeBody(
  { headers }: FastifyRequest,
  bytes: Buffer,
  limitBytes: number,
): Promise<Buffer> {
  if (headers["content-encoding"]?.toLowerCase() !== "gzip") throw new EncodingRefusal("gzip");
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: limitBytes }, (error, decoded) => {
      if (error === null) resolve(decoded);
      else reject(refusalOf(error, limitBytes));
    });
  });
}

/** Refuses a body in an encoding that a handler would get as it is. */
export function requireIdentity(request: FastifyRequest): void {
  if (isEncoded(request)) throw new EncodingRefusal("identity");
}

function refusalOf({ code }: NodeJS.ErrnoException, limitBytes: number): HttpRefusal {
  if (code === "ERR_BUFFER_TOO_LARGE") {
    return httpRefusal("RESOURCE_EXHAUSTED", `body must be at most ${limitBytes} bytes`, 413);
  }
  const message = "body must be gzip, as content-encoding says";
  return httpRefusal("INVALID_ARGUMENT", message, 400);
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
