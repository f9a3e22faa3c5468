import {
  errorOfAbort,
  GuardedStream,
  IncomingCall,
  type Metadata,
  type ServedMethod,
  type Source,
  untilAborted,
} from "../call/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { toServiceError } from "../service/to-service-error.js";
import { CallControl } from "./call-control.js";
import { CallSettings } from "./call-settings.js";
import type { CallOptions } from "./options.js";
import { outgoingItems } from "./outgoing-items.js";

/** A call of a handler in the caller's own process. */
class LocalCall extends IncomingCall {
  readonly isPrivate = true;
  readonly headers: Metadata;

  constructor(
    method: ServedMethod,
    timeoutMs: number,
    { headers, signal }: CallSettings,
    private readonly callerSignal: AbortSignal | undefined = signal,
  ) {
    const { service, definition } = method;
    super(service, definition.name, timeoutMs < MAX_TIMEOUT_MS ? timeoutMs : undefined);
    this.headers = headers ?? {};
  }

  protected override listen(onGone: () => void): () => void {
    const signal = this.callerSignal;
    if (signal?.aborted === true) onGone();
    signal?.addEventListener("abort", onGone, { once: true });
    return () => signal?.removeEventListener("abort", onGone);
  }
}

/** A method's calls of its handler in this process. */
export function localCall(
  method: ServedMethod,
  options: CallOptions,
  timeoutMs: number,
): (...args: unknown[]) => Promise<unknown> {
  const settings = new CallSettings(method.definition, options, timeoutMs);
  if (method.definition.items !== undefined) return localUpload(method, settings);
  const { signal } = settings;
  return async (...args) => {
    try {
      if (signal?.aborted === true) throw errorOfAbort(signal);
      const call = new LocalCall(method, settings.timeoutMs(), settings);
      const result = method.call(args, call);
      if (signal === undefined || !(result instanceof Promise)) return await result;
      return await untilAborted(result, signal);
    } catch (error) {
      throw toServiceError(error, method.label);
    }
  };
}

function localUpload(
  method: ServedMethod,
  settings: CallSettings,
): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    let control: CallControl | undefined;
    try {
      const timeoutMs = settings.timeoutMs();
      control = new CallControl(timeoutMs, settings.signal);
      const items = localItems(method, args, control);
      const call = new LocalCall(method, timeoutMs, settings, control.signal);
      const result = Promise.resolve(method.call(args.slice(0, -1), call, items));
      return await untilAborted(result, control.signal);
    } catch (error) {
      throw control?.failure?.error ?? toServiceError(error, method.label);
    } finally {
      control?.end();
    }
  };
}

/** As `localCall`, for a method that answers with a stream; it begins when it is first read. */
export function localStream(
  method: ServedMethod,
  options: CallOptions,
  timeoutMs: number,
): (...args: unknown[]) => AsyncIterableIterator<unknown> {
  const settings = new CallSettings(method.definition, options, timeoutMs);
  return (...args) => {
    let control: CallControl | undefined;
    let inner: GuardedStream<unknown> | undefined;
    const open = (): Source => {
      const current = control as CallControl;
      const call = new LocalCall(method, settings.timeoutMs(), settings, current.signal);
      const takesItems = method.definition.items !== undefined;
      inner = takesItems
        ? method.answerStream(args.slice(0, -1), call, localItems(method, args, current))
        : method.answerStream(args, call);
      return inner;
    };
    const stream = new GuardedStream({
      signal: () => {
        control = new CallControl(settings.timeoutMs(), settings.signal);
        return control.signal;
      },
      open,
      read: (item) => item,
      onEnd: () => control?.end(),
    });
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () =>
        stream.next().catch((error: unknown) => {
          throw control?.failure?.error ?? toServiceError(error, method.label);
        }),
      return: () => stream.return(),
    };
  };
}

/** What the caller streams; the method itself checks the items. */
function localItems(
  { definition }: ServedMethod,
  args: readonly unknown[],
  control: CallControl,
): Source {
  const { parameters, items } = definition;
  const label = `argument ${parameters.length + 1} (${items?.name})`;
  const onError = (error: unknown): void => control.fail(error);
  return outgoingItems(args[parameters.length], label, (item) => item, control.signal, onError);
}
