import {
  Dispatcher,
  type ErrorLogger,
  errorOfAbort,
  explainFailure,
  type PolicyOptions,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  untilAborted,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { requireKnownOptions } from "../internal/options.js";
import type { ServiceSource } from "../service/service-source.js";
import { MemoryCall } from "./memory-call.js";

export interface InMemoryOptions extends PolicyOptions {
  /** Told of handlers that failed. Default: nobody, for the caller gets INTERNAL. */
  readonly logger?: ErrorLogger;
}

const NOBODY: ErrorLogger = { error: () => undefined };

/**
 * A transport to services in this process, for tests: no socket, and otherwise what a server does.
 * Arguments, items and results become JSON text and are checked on both sides.
 */
export function inMemoryTransport(
  services: readonly ServiceSource[],
  options: InMemoryOptions = {},
): Transport {
  requireKnownOptions(options, ["logger", "identify", "interceptors"], "inMemoryTransport options");
  const { logger = NOBODY, ...policy } = options;
  return new InMemoryTransport(new Dispatcher(services, { logger, ...policy }), logger);
}

class InMemoryTransport implements Transport {
  readonly target = "memory";
  private isClosed = false;
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly logger: ErrorLogger,
  ) {}

  call(request: TransportRequest): Promise<TransportResponse> {
    if (this.isClosed) {
      const message = "the in-memory transport is closed";
      return Promise.reject(new ServiceError("FAILED_PRECONDITION", message));
    }
    const { signal } = request;
    if (signal?.aborted === true) return Promise.reject(errorOfAbort(signal));
    const answer = this.answer(request);
    this.inFlight.add(answer);
    const settled = (): void => void this.inFlight.delete(answer);
    answer.then(settled, settled);
    return signal === undefined ? answer : untilAborted(answer, signal);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.inFlight);
    await this.dispatcher.close();
  }

  private async answer(request: TransportRequest): Promise<TransportResponse> {
    const explain = (error: unknown): ServiceError =>
      explainFailure(error, `${request.service}.${request.method}`, this.logger);
    try {
      const call = new MemoryCall(request);
      const items = request.items && copies(request.items[Symbol.asyncIterator](), explain);
      const answer = await this.dispatcher.call(copyOf(request.args), call, items);
      const headers = {};
      if (answer.items === undefined) return { value: copyOf(answer.value), headers };
      return { value: undefined, items: copies(answer.items, explain), headers };
    } catch (error) {
      throw explain(error);
    }
  }
}

/** What is left of a JSON form after it has travelled: nothing that is shared. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The items of a stream as they arrive on the other side. */
function copies(
  items: AsyncIterator<unknown>,
  explain: (error: unknown) => ServiceError,
): AsyncIterableIterator<unknown> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      try {
        const { done, value } = await items.next();
        return done === true ? { done, value } : { done: false, value: copyOf(value) };
      } catch (error) {
        throw explain(error);
      }
    },
    return: async () => {
      await items.return?.();
      return { done: true, value: undefined };
    },
  };
}
