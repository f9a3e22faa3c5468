import { GuardedStream, type TransportRequest } from "../call/index.js";
import { ArgumentError, type ServiceError } from "../errors/index.js";
import { type CallCodec, callCodecOf } from "../service/call-codec.js";
import { toServiceError } from "../service/to-service-error.js";
import { CallControl } from "./call-control.js";
import { CallSettings } from "./call-settings.js";
import { callWithBytes } from "./call-with-bytes.js";
import { ConnectionError } from "./connection-error.js";
import type { FarSide } from "./far-side.js";
import type { CallOptions } from "./options.js";
import { outgoingItems, toJsonItem } from "./outgoing-items.js";
import { ResumingItems } from "./resuming-items.js";
import type { ResolvedMethod } from "./route.js";

/** A method's calls of a server: one request and one answer. */
export function farCall(
  method: ResolvedMethod,
  far: FarSide,
  options: CallOptions,
): (...args: unknown[]) => Promise<unknown> {
  const { label } = method;
  // By the first call: for many methods that is most of what their first client takes.
  let call: EncodedCall | undefined;
  return async (...args) => {
    try {
      call ??= encodedCall(method, far, new FarCalls(method, far, options));
      return await call(args);
    } catch (error) {
      throw explain(toServiceError(error, label), method);
    }
  };
}

type EncodedCall = (args: readonly unknown[]) => Promise<unknown>;

function encodedCall(method: ResolvedMethod, far: FarSide, calls: FarCalls): EncodedCall {
  const { send, forms } = far;
  const codec = callCodecOf(method.definition);
  if (forms !== undefined && codec.carriesBytes) {
    return callWithBytes({ send, codec, forms }, (args) => calls.request(args));
  }
  return async (args) => {
    const response = await send(calls.request(codec.encodeArguments(args)));
    return codec.decodeResult(response.value);
  };
}

/** As `farCall`, for a method whose last argument is a stream. */
export function farUpload(
  method: ResolvedMethod,
  far: FarSide,
  options: CallOptions,
): (...args: unknown[]) => Promise<unknown> {
  const codec = callCodecOf(method.definition);
  const calls = new FarCalls(method, far, options);
  return async (...args) => {
    let control: CallControl | undefined;
    try {
      const request = calls.request(codec.encodeArguments(calls.plainArguments(args)));
      control = new CallControl(request.timeoutMs, request.signal);
      const items = calls.items(args, codec, control);
      const response = await far.send({ ...request, items, signal: control.signal });
      return codec.decodeResult(response.value);
    } catch (error) {
      throw calls.failure(error, control);
    } finally {
      control?.end();
    }
  };
}

/** As `farCall`, for a method that answers with a stream; it begins when it is first read. */
export function farStream(
  method: ResolvedMethod,
  far: FarSide,
  options: CallOptions,
): (...args: unknown[]) => AsyncIterableIterator<unknown> {
  const codec = callCodecOf(method.definition);
  const calls = new FarCalls(method, far, options);
  return (...args) => {
    let control: CallControl | undefined;
    const open = (): AsyncIterator<unknown> => {
      const request = calls.request(codec.encodeArguments(calls.plainArguments(args)));
      const begun = begin(request);
      if (!calls.takesItems) return new ResumingItems(far.send, begun, calls.resumptions);
      const items = calls.items(args, codec, control as CallControl);
      return new ResumingItems(far.send, { ...begun, items }, 0);
    };
    const begin = (request: TransportRequest): TransportRequest => ({
      ...request,
      signal: (control as CallControl).signal,
    });
    const stream = new GuardedStream({
      signal: () => {
        control = new CallControl(calls.timeoutMs(), calls.signal);
        return control.signal;
      },
      open,
      read: (item) => codec.decodeResult(item),
      onEnd: () => control?.end(),
    });
    return withFailures(stream, (error) => calls.failure(error, control));
  };
}

/** What the calls of a method have in common, with some options. */
class FarCalls {
  private readonly settings: CallSettings;
  private readonly service: string;
  private readonly idempotent: boolean;
  /** What few requests have; undefined where there is nothing of it. */
  private readonly more: Partial<TransportRequest> | undefined;
  readonly resumptions: number;

  constructor(
    private readonly method: ResolvedMethod,
    far: FarSide,
    options: CallOptions,
  ) {
    const { definition } = method;
    this.settings = new CallSettings(definition, options, far.timeoutMs);
    const { headers, signal } = this.settings;
    this.resumptions = definition.resumable === true ? far.retries : 0;
    this.service = far.service;
    // A stream that has begun is not begun again behind its reader's back.
    this.idempotent = definition.idempotent && definition.stream === undefined;
    const more = {
      ...(definition.stream !== undefined && { stream: definition.stream }),
      ...(definition.confidential && { confidential: true }),
      ...(signal !== undefined && { signal }),
      ...(options.stickyKey !== undefined && { stickyKey: options.stickyKey }),
      ...(headers !== undefined && { headers }),
    };
    if (Object.keys(more).length > 0) this.more = more;
  }

  get signal(): AbortSignal | undefined {
    return this.settings.signal;
  }

  get takesItems(): boolean {
    return this.method.definition.items !== undefined;
  }

  timeoutMs(): number {
    return this.settings.timeoutMs();
  }

  request(args: readonly unknown[]): TransportRequest {
    const { service, idempotent, more } = this;
    const method = this.method.definition.name;
    const timeoutMs = this.settings.timeoutMs();
    // Spreading even nothing would cost as much as all the rest of this.
    if (more === undefined) return { service, method, args, timeoutMs, idempotent };
    return { ...more, service, method, args, timeoutMs, idempotent };
  }

  /** The arguments without the stream, which is the last one. */
  plainArguments(args: readonly unknown[]): readonly unknown[] {
    const { parameters, items } = this.method.definition;
    if (items === undefined || args.length !== parameters.length + 1) return args;
    return args.slice(0, -1);
  }

  items(
    args: readonly unknown[],
    codec: CallCodec,
    control: CallControl,
  ): AsyncIterableIterator<unknown> {
    const { parameters, items } = this.method.definition;
    const label = `argument ${parameters.length + 1} (${items?.name})`;
    const { signal } = control;
    const given = args[parameters.length];
    return outgoingItems(given, label, toJsonItem(codec), signal, (error) => control.fail(error));
  }

  /** What the caller gets: what its own items threw, or what became of the call. */
  failure(error: unknown, control: CallControl | undefined): unknown {
    const own = control?.failure;
    if (own !== undefined && !(own.error instanceof ArgumentError)) return own.error;
    return explain(toServiceError(own?.error ?? error, this.method.label), this.method);
  }
}

function withFailures(
  stream: GuardedStream<unknown>,
  explainFailure: (error: unknown) => unknown,
): AsyncIterableIterator<unknown> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      stream.next().catch((error: unknown) => {
        throw explainFailure(error);
      }),
    return: () => stream.return(),
  };
}

/** Where a server cannot be reached, the reason why the call did not go near belongs to it. */
function explain(error: ServiceError, { label, route }: ResolvedMethod): ServiceError {
  if (!(error instanceof ConnectionError)) return error;
  const message = `${label} cannot be called: not near (${route.reason}), not far (${error.message})`;
  return new ConnectionError(message, error.wasNeverSent, { cause: error.cause });
}
