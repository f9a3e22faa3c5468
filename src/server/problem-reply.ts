import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";
import { SERVICE_CODES, type ServiceCode, ServiceError, untraced } from "../errors/index.js";
import { PROBLEM_CONTENT_TYPE, type Problem } from "../service/problem.js";

/** A refusal of HTTP itself: it keeps the status that HTTP has for it. */
export class HttpRefusal extends ServiceError {
  constructor(
    code: ServiceCode,
    message: string,
    readonly status: number,
  ) {
    super(code, message);
  }
}

/** A refusal, made the cheap way: whoever sends bad requests may send many. */
export function httpRefusal(code: ServiceCode, message: string, status: number): HttpRefusal {
  return untraced(() => new HttpRefusal(code, message, status));
}

/** The refusal of a body that was read to its end. */
export class BodyRefusal extends HttpRefusal {}

export function bodyRefusal(problem: string): BodyRefusal {
  return untraced(() => new BodyRefusal("INVALID_ARGUMENT", `body ${problem}`, 400));
}

/** The codes of answers that are errors, for whoever counts them. */
const codes = new WeakMap<FastifyReply, ServiceCode>();

/** Answers with an error as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, error: ServiceError): void {
  const problem = problemOf(error);
  const { retryAfterMs } = error;
  codes.set(reply, error.code);
  // In whole seconds, rounded up (RFC 9110, 10.2.3).
  if (retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(retryAfterMs / 1000));
  // As bytes: to text, Fastify would add a charset, which JSON has none of (RFC 8259, 11).
  const body = Buffer.from(JSON.stringify(problem));
  reply.code(problem.status).header("content-type", PROBLEM_CONTENT_TYPE).send(body);
}

/** The code of the error that was answered with, if any. */
export function codeOfReply(reply: FastifyReply): ServiceCode | undefined {
  return codes.get(reply);
}

/** The document of an error. */
export function problemOf(error: ServiceError): Problem {
  const status = error instanceof HttpRefusal ? error.status : SERVICE_CODES[error.code].httpStatus;
  return {
    type: "about:blank",
    // 499 is nginx's "client closed request"; the IANA registry has no phrase for it.
    title: STATUS_CODES[status] ?? "Client Closed Request",
    status,
    detail: error.message,
    code: error.code,
  };
}

/** The refusal of a body that is neither JSON nor, where a method takes such, raw bytes. */
export const NOT_JSON = ["INVALID_ARGUMENT", "content-type must be application/json", 415] as const;

interface FastifyError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
}

/**
 * The refusal behind an error that Fastify raised before a handler ran, in words of ours; undefined
 * for any other.
 */
export function refusalOf(error: unknown, bodyLimitBytes: number): HttpRefusal | undefined {
  const { code, statusCode } = error as FastifyError;
  switch (code) {
    case "FST_ERR_BAD_URL":
      return invalidRequest("the path must be a valid URL path");
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return httpRefusal("RESOURCE_EXHAUSTED", `body must be at most ${bodyLimitBytes} bytes`, 413);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return httpRefusal(...NOT_JSON);
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return invalidRequest("body must be as long as content-length says");
  }
  // Of a body that broke off, and of hooks of the application.
  if (statusCode === 400) return invalidRequest("the request cannot be read");
  return undefined;
}

function invalidRequest(message: string): HttpRefusal {
  return httpRefusal("INVALID_ARGUMENT", message, 400);
}
