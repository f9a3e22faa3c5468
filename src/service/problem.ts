import {
  isServiceCode,
  type ServiceCode,
  ServiceError,
  type ServiceErrorOptions,
} from "../errors/index.js";

/** An error as it travels (RFC 9457), with the service code as the extension member `code`. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ServiceCode;
}

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

/** Tells the server how long the caller waits, in whole milliseconds. */
export const TIMEOUT_HEADER = "nearfar-timeout-ms";

/** Of a stream that broke off: the last item that came (WHATWG HTML, server-sent events). */
export const RESUME_HEADER = "last-event-id";

/** A key that lets gateways and servers recognise a repeated call (IETF idempotency-key draft). */
export const IDEMPOTENCY_HEADER = "idempotency-key";

/** The error in a problem document; undefined if it is none of ours. */
export function errorOfProblem(
  document: unknown,
  options?: ServiceErrorOptions,
): ServiceError | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const { code, detail } = document as Readonly<Record<string, unknown>>;
  if (!isServiceCode(code) || code === "OK" || typeof detail !== "string") return undefined;
  return new ServiceError(code, detail, options);
}
