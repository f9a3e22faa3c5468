import { type ServiceError, untraced } from "../errors/index.js";
import { toServiceError } from "../service/to-service-error.js";

/**
 * Where a server tells of handlers that failed; pino's and Fastify's loggers fit. `reqId` is the id
 * of a call over a WebSocket; with those over HTTP the logger itself has it.
 */
export interface ErrorLogger {
  error(details: { readonly err: unknown; readonly reqId?: string }, message: string): void;
}

/** What a caller is told of a failure; what it is not told is logged. */
export function explainFailure(error: unknown, label: string, logger: ErrorLogger): ServiceError {
  // What it explains has a stack.
  const failure = untraced(() => toServiceError(error, label));
  if (failure.code === "INTERNAL") {
    logger.error({ err: failure.cause ?? failure }, `${label} failed`);
  }
  return failure;
}
