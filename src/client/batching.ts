import {
  BUILT_IN_SERVICE,
  type CallSpec,
  MAX_BATCH,
  type Send,
  type TransportRequest,
  type TransportResponse,
  untilAborted,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { errorOfProblem, IDEMPOTENCY_HEADER } from "../service/problem.js";

/**
 * Each call has its own deadline on the server; the batch waits longer, for the outcomes of those
 * that had none to go.
 */
const GRACE_MS = 1_000;

type SpecifiedRequest = Pick<
  TransportRequest,
  "service" | "method" | "args" | "timeoutMs" | "headers"
>;

interface Waiting {
  readonly request: TransportRequest;
  readonly resolve: (response: TransportResponse) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends the calls of one turn of the event loop as one request, each with an outcome of its own.
 * Streams, and bodies that are not JSON, go by themselves.
 */
export function batched(send: Send): Send {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const calls = waiting;
    waiting = [];
    for (const group of groupsOf(calls)) {
      for (let start = 0; start < group.length; start += MAX_BATCH) {
        sendBatch(send, group.slice(start, start + MAX_BATCH));
      }
    }
  };
  return (request) => {
    if (request.stream !== undefined || request.form === "cbor") return send(request);
    const answer = new Promise<TransportResponse>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ request, resolve, reject });
    });
    return request.signal === undefined ? answer : untilAborted(answer, request.signal);
  };
}

/** By what they send along, which the batch sends along as a whole. */
function groupsOf(calls: readonly Waiting[]): Iterable<readonly Waiting[]> {
  const groups = new Map<string, Waiting[]>();
  for (const call of calls) {
    const key = JSON.stringify(splitHeaders(call.request).shared);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [call]);
    else group.push(call);
  }
  return groups.values();
}

function splitHeaders({ headers = {} }: Pick<TransportRequest, "headers">): {
  readonly shared: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, string>>;
} {
  const { [IDEMPOTENCY_HEADER]: key, ...shared } = headers;
  return { shared, own: key === undefined ? {} : { [IDEMPOTENCY_HEADER]: key } };
}

function sendBatch(send: Send, calls: readonly Waiting[]): void {
  const [only] = calls;
  if (calls.length === 1 && only !== undefined) {
    send(only.request).then(only.resolve, only.reject);
    return;
  }
  send(requestOf(calls.map(({ request }) => request))).then(
    ({ value, headers }) => settle(calls, value, headers),
    (error: unknown) => {
      for (const { reject } of calls) reject(error);
    },
  );
}

function requestOf(calls: readonly TransportRequest[]): TransportRequest {
  return {
    service: BUILT_IN_SERVICE.definition.name,
    method: "batch",
    args: [calls.map(specOf)],
    headers: splitHeaders(calls[0] ?? {}).shared,
    timeoutMs: Math.min(
      MAX_TIMEOUT_MS,
      Math.max(...calls.map(({ timeoutMs }) => timeoutMs)) + GRACE_MS,
    ),
    idempotent: calls.every(({ idempotent }) => idempotent),
    ...(calls.some(({ confidential }) => confidential) && { confidential: true }),
  };
}

/** A call as the server's built-in service takes it, but for the headers that go around it. */
export function specOf(request: SpecifiedRequest): CallSpec {
  const { service, method, args, timeoutMs } = request;
  return { service, method, args, timeoutMs, headers: splitHeaders(request).own };
}

function settle(
  calls: readonly Waiting[],
  outcomes: unknown,
  headers: TransportResponse["headers"],
): void {
  calls.forEach(({ resolve, reject }, index) => {
    const outcome = Array.isArray(outcomes) ? (outcomes[index] as unknown) : undefined;
    const { value, error } = Object(outcome) as {
      readonly value?: unknown;
      readonly error?: unknown;
    };
    if (error === undefined && outcome !== undefined) resolve({ value, headers });
    else reject(errorOfProblem(error) ?? new ServiceError("UNKNOWN", "the call has no outcome"));
  });
}
