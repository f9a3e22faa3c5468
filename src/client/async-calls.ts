import {
  BUILT_IN_SERVICE,
  CallRegistry,
  type CallStatus,
  MAX_WAIT_MS,
  type TransportRequest,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import { callCodecOf } from "../service/call-codec.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { errorOfProblem, IDEMPOTENCY_HEADER } from "../service/problem.js";
import { toServiceError } from "../service/to-service-error.js";
import { specOf } from "./batching.js";
import { CallSettings } from "./call-settings.js";
import type { FarSide } from "./far-side.js";
import type { CallOptions } from "./options.js";
import type { ResolvedMethod } from "./route.js";

/** A call that was begun without waiting for it. */
export interface CallHandle<T> {
  /** For logs; nobody else can guess it. */
  readonly id: string;
  status(): Promise<CallStatus>;
  /**
   * The call's result, or its error. Waits for it, at most `waitMs` (0 to 2^31 - 1, default without
   * end), after which it rejects with DEADLINE_EXCEEDED and the call goes on.
   */
  result(options?: { readonly waitMs?: number }): Promise<T>;
  /** Whether the call was in progress still. Its handler's signal aborts. */
  cancel(): Promise<boolean>;
}

type Starter = (...args: unknown[]) => Promise<CallHandle<unknown>>;

/** Begins calls of a server, which keeps their results for 5 minutes. */
export function farStarter(method: ResolvedMethod, far: FarSide, options: CallOptions): Starter {
  const { definition, label } = method;
  const codec = callCodecOf(definition);
  const settings = new CallSettings(definition, options, MAX_TIMEOUT_MS);
  const ask = async (name: string, args: unknown[], waitMs = 0): Promise<unknown> => {
    const request: TransportRequest = {
      service: BUILT_IN_SERVICE.definition.name,
      method: name,
      args,
      timeoutMs: far.timeoutMs + waitMs,
      idempotent: name !== "start",
      headers: name === "start" ? { ...settings.headers } : without(settings.headers),
      ...(definition.confidential && { confidential: true }),
      ...(settings.signal !== undefined && { signal: settings.signal }),
    };
    return (await far.send(request)).value;
  };
  return async (...args) => {
    try {
      const timeoutMs = settings.timeoutMs();
      const call = { service: far.service, method: definition.name, timeoutMs };
      const spec = specOf({ ...call, args: codec.encodeArguments(args) });
      const id = String(await ask("start", [spec]));
      return {
        id,
        status: async () => (await ask("status", [id])) as CallStatus,
        result: (given) =>
          waitFor(given, async (waitMs) => {
            const outcome = Object(await ask("result", [id, waitMs], waitMs)) as FarOutcome;
            if (outcome.status === "IN_PROGRESS") return undefined;
            if (outcome.status === "OK") return { value: codec.decodeResult(outcome.value) };
            throw errorOfProblem(outcome.error) ?? new ServiceError("UNKNOWN", "the call failed");
          }),
        cancel: async () => (await ask("cancel", [id])) === true,
      };
    } catch (error) {
      throw toServiceError(error, label);
    }
  };
}

/** With its key, a repeated `start` gives the same call; questions about it have new answers. */
function without(headers: CallSettings["headers"] = {}): Readonly<Record<string, string>> {
  const { [IDEMPOTENCY_HEADER]: _, ...rest } = headers;
  return rest;
}

interface FarOutcome {
  readonly status: CallStatus;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** Of all clients of this process. */
let registry: CallRegistry | undefined;

/** As `farStarter`, of a method that runs near; `callWith` makes its function for a signal. */
export function nearStarter(
  { label }: ResolvedMethod,
  callWith: (signal: AbortSignal) => (...args: unknown[]) => Promise<unknown>,
): Starter {
  return async (...args) => {
    registry ??= new CallRegistry();
    const calls = registry;
    const id = calls.start(
      undefined,
      (signal) => callWith(signal)(...args),
      (error) => toServiceError(error, label),
    );
    return {
      id,
      status: async () => calls.status(undefined, id),
      result: (given) =>
        waitFor(given, async (waitMs) => {
          const outcome = await calls.result(undefined, id, waitMs);
          if (outcome === undefined || outcome.status === "OK") return outcome;
          throw outcome.error;
        }),
      cancel: async () => calls.cancel(undefined, id),
    };
  };
}

/** Asks again and again, for a while each time. */
async function waitFor(
  options: { readonly waitMs?: number } = {},
  ask: (waitMs: number) => Promise<{ readonly value: unknown } | undefined>,
): Promise<unknown> {
  requireKnownOptions(options, ["waitMs"], "result options");
  const { waitMs } = options;
  if (waitMs !== undefined) requireInteger(waitMs, "waitMs", 0, MAX_TIMEOUT_MS);
  const endMs = performance.now() + (waitMs ?? Number.POSITIVE_INFINITY);
  for (;;) {
    const leftMs = Math.max(0, Math.ceil(endMs - performance.now()));
    const outcome = await ask(Math.min(leftMs, MAX_WAIT_MS));
    if (outcome !== undefined) return outcome.value;
    if (performance.now() < endMs) continue;
    throw new ServiceError("DEADLINE_EXCEEDED", `the call is in progress still after ${waitMs} ms`);
  }
}
