import { NDJSON_CONTENT_TYPE } from "../call/index.js";
import { type ServiceCode, ServiceError } from "../errors/index.js";
import { CBOR_CONTENT_TYPE, loadedCbor } from "../service/cbor/cbor.js";
import { errorOfProblem } from "../service/problem.js";
import type { WireForm } from "../service/schema/codec.js";
import { ConnectionError } from "./connection-error.js";

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface Answer {
  readonly value: unknown;
  readonly form?: WireForm;
}

/** The server does not read the content type of the request. */
export class FormRefusal extends ServiceError {}

/** Reads an answer: the value, or the error it stands for. */
export function readAnswer(
  target: string,
  status: number,
  headers: AnswerHeaders,
  body: Buffer,
): Answer | ServiceError {
  const type = String(headers["content-type"] ?? "").toLowerCase();
  if (status === 200 && type.startsWith(CBOR_CONTENT_TYPE)) return readCbor(target, body);
  const document = isJson(type) ? parseJson(body.toString()) : undefined;
  if (status === 200) {
    return document ?? new ServiceError("UNKNOWN", `${target} answered 200 ${without(type)}`);
  }
  const retryAfterMs = readRetryAfter(headers["retry-after"]);
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  const error = errorOfProblem(document?.value, options);
  if (error !== undefined && status === 415) return new FormRefusal(error.code, error.message);
  if (error !== undefined) return error;
  const message = `${target} answered ${status} without a problem`;
  // A gateway says so of a server that it did not reach, or that broke off.
  if (status >= 502 && status <= 504) {
    const advice = "a proxy before the server may not reach it";
    return new ConnectionError(`${message}; ${advice}`, false, options);
  }
  return new ServiceError(codeOfStatus(status), `${message}; ${NOT_OURS}`, options);
}

const NOT_OURS = "check that baseUrl, with its path, is that of a nearfar server";

/** Only who asked for CBOR gets it, and who asks for it has it. */
function readCbor(target: string, body: Buffer): Answer | ServiceError {
  try {
    const value = loadedCbor()?.decode(body);
    if (value !== undefined) return { value, form: "cbor" };
  } catch {
    // Told below.
  }
  return new ServiceError("UNKNOWN", `${target} answered 200 with broken CBOR`);
}

function isJson(type: string): boolean {
  return type.startsWith("application/json") || type.startsWith("application/problem+json");
}

function without(type: string): string {
  if (isJson(type)) return "with broken JSON";
  if (type.startsWith(NDJSON_CONTENT_TYPE)) {
    return "with a stream, which a client reads whose definition says so";
  }
  const got = type === "" ? "no content-type" : JSON.stringify(type.slice(0, 64));
  return `with ${got}, not JSON; ${NOT_OURS}`;
}

function parseJson(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}

/** In seconds, or as the time when it is over (RFC 9110, 10.2.3). */
function readRetryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const untilMs = Date.parse(header);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now());
}

/** For answers that no service wrote, such as a proxy's: gRPC's http-grpc-status-mapping.md. */
const CODES: Readonly<Record<number, ServiceCode>> = {
  400: "INTERNAL",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  429: "UNAVAILABLE",
};

function codeOfStatus(status: number): ServiceCode {
  return CODES[status] ?? "UNKNOWN";
}
