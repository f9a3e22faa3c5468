import type { TransportRequest } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS, type MethodDefinition } from "../service/definition.js";
import { IDEMPOTENCY_HEADER } from "../service/problem.js";
import type { CallOptions } from "./options.js";

/** What goes on with the calls that a handler makes for a call: W3C Trace Context and Baggage. */
const PASSED_ON = ["traceparent", "tracestate", "baggage"] as const;

type Metadata = NonNullable<TransportRequest["headers"]>;

/** The options of the calls of one method, put together once. */
export class CallSettings {
  /** Undefined where there are none. */
  readonly headers: Metadata | undefined;
  readonly signal: AbortSignal | undefined;
  private readonly ownTimeoutMs: number;

  constructor(
    definition: MethodDefinition,
    private readonly options: CallOptions,
    defaultTimeoutMs: number,
  ) {
    const isStream = definition.stream !== undefined;
    // A stream is as long as it is: only a deadline that somebody set holds for it.
    const fallback = isStream ? MAX_TIMEOUT_MS : defaultTimeoutMs;
    this.ownTimeoutMs = options.timeoutMs ?? definition.timeoutMs ?? fallback;
    this.headers = headersOf(options);
    this.signal = signalOf(options);
  }

  /** How long a call that begins now may take. Throws where its context has no time left. */
  timeoutMs(): number {
    const left = this.options.context?.remainingMs;
    if (left === undefined || left >= this.ownTimeoutMs) return this.ownTimeoutMs;
    if (left >= 1) return left;
    const { service, method } = this.options.context ?? {};
    const message = `no time is left of the call of ${service}.${method} that this one is for`;
    throw new ServiceError("DEADLINE_EXCEEDED", message);
  }
}

function headersOf({ context, headers, idempotencyKey }: CallOptions): Metadata | undefined {
  if (context === undefined && headers === undefined && idempotencyKey === undefined) {
    return undefined;
  }
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = context?.headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(passedOn),
    ...headers,
    ...(idempotencyKey !== undefined && { [IDEMPOTENCY_HEADER]: idempotencyKey }),
  };
}

function signalOf({ context, signal }: CallOptions): AbortSignal | undefined {
  if (context === undefined) return signal;
  return signal === undefined ? context.signal : AbortSignal.any([context.signal, signal]);
}
