import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { NDJSON_CONTENT_TYPE, type ServedMethod } from "../call/index.js";
import { ArgumentError, ServiceError } from "../errors/index.js";
import { CBOR_CONTENT_TYPE, type CborFormat } from "../service/cbor/cbor.js";
import { MAX_TIMEOUT_MS, type UploadHandler } from "../service/definition.js";
import { RESUME_HEADER, TIMEOUT_HEADER } from "../service/problem.js";
import { cborFor } from "./cbor-bodies.js";
import { HttpCall } from "./http-call.js";
import { httpRefusal, NOT_JSON } from "./problem-reply.js";
import { isUpload, Upload } from "./upload.js";

/** What a method's route is made of besides the method. */
export interface RouteParts {
  readonly upload: UploadHandler | undefined;
  readonly uploadLimitBytes: number;
  readonly fail: FailCall;
}

export type FailCall = (request: FastifyRequest, reply: FastifyReply, error: unknown) => void;

/**
 * The route handler of one method. Everything is looked up here, once. Errors go to `fail`.
 * A result that is there at once is sent at once; only promises get timers.
 */
export function methodRoute(
  method: ServedMethod,
  parts: RouteParts,
): (request: FastifyRequest, reply: FastifyReply) => void {
  const { fail } = parts;
  const { service, definition, codec } = method;
  const upload =
    parts.upload && new Upload(definition, codec, parts.upload, parts.uploadLimitBytes);

  const answer = (request: FastifyRequest, reply: FastifyReply): unknown => {
    const timeoutMs = readTimeout(request.headers);
    const call = new HttpCall(service, definition.name, timeoutMs, request, reply);
    if (!isUpload(request)) {
      const type = request.headers["content-type"];
      if (type?.startsWith(NDJSON_CONTENT_TYPE)) throw httpRefusal(...NOT_JSON);
      return method.call(request.body, call);
    }
    if (upload === undefined) throw httpRefusal(...NOT_JSON);
    return method.upload(call, upload.answer(request));
  };

  return (request, reply) => {
    try {
      const result = answer(request, reply);
      if (result instanceof Promise) {
        result
          .then((value) => sendResult(request, reply, value))
          .catch((error: unknown) => fail(request, reply, error));
      } else {
        sendResult(request, reply, result);
      }
    } catch (error) {
      fail(request, reply, error);
    }
  };
}

/** Sends a result in the form that `HttpCall` has asked for. */
export function sendResult(request: FastifyRequest, reply: FastifyReply, result: unknown): void {
  const cbor = cborFor(request.headers.accept);
  if (cbor === undefined) {
    reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(result));
  } else {
    reply.header("content-type", CBOR_CONTENT_TYPE).send(encode(cbor, result));
  }
}

function encode(cbor: CborFormat, result: unknown): Uint8Array {
  try {
    return cbor.encode(result);
  } catch (cause) {
    const message = cause instanceof ArgumentError ? cause.message : "it cannot be sent as CBOR";
    throw new ServiceError("INTERNAL", `result: ${message}`, { cause });
  }
}

/** How long the caller waits, if it says so. */
export function readTimeout(headers: IncomingHttpHeaders): number | undefined {
  const header = headers[TIMEOUT_HEADER];
  if (header === undefined) return undefined;
  const timeoutMs = typeof header === "string" && /^\d{1,10}$/.test(header) ? Number(header) : 0;
  if (timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs;
  throw httpRefusal(
    "INVALID_ARGUMENT",
    `header ${TIMEOUT_HEADER} must be an integer from 1 to ${MAX_TIMEOUT_MS}`,
    400,
  );
}

/** The last item that the caller of a resumable stream has had. */
export function readResumption(headers: IncomingHttpHeaders): number | undefined {
  const header = headers[RESUME_HEADER];
  if (header === undefined) return undefined;
  if (typeof header === "string" && /^\d{1,15}$/.test(header)) return Number(header);
  throw httpRefusal(
    "INVALID_ARGUMENT",
    `header ${RESUME_HEADER} must be the number of an item`,
    400,
  );
}
