import { errorOfAbort, untilAborted } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import type { QueuedFunction } from "../service/isolated-functions.js";
import type { NativeFunction } from "../service/native-functions.js";
import { toServiceError } from "../service/to-service-error.js";
import { type CallHandle, farStarter, nearStarter } from "./async-calls.js";
import { CallControl } from "./call-control.js";
import { CallSettings } from "./call-settings.js";
import { farCall, farStream, farUpload } from "./far-methods.js";
import type { FarSide } from "./far-side.js";
import { localCall, localStream } from "./local-methods.js";
import type { CallOptions } from "./options.js";
import type { ResolvedMethod } from "./route.js";

/** A method of a client: it gives a promise, or an async iterable where the server streams. */
export type ClientMethod = (
  ...args: unknown[]
) => Promise<unknown> | AsyncIterableIterator<unknown>;

/** The function of a resolved method, with some options for its calls. */
export function makeMethod(
  method: ResolvedMethod,
  far: FarSide | undefined,
  options: CallOptions,
  timeoutMs: number,
): ClientMethod {
  if (far !== undefined && method.route.route === "far") return farMethod(method, far, options);
  const { native, queued, local, label, route, definition } = method;
  if (queued !== undefined) {
    return queuedMethod(queued, label, new CallSettings(definition, options, timeoutMs));
  }
  if (native !== undefined) return nearMethod(native, label, options);
  if (local !== undefined) {
    return (local.givesStream ? localStream : localCall)(local, options, timeoutMs);
  }
  return async () => {
    throw new ServiceError("FAILED_PRECONDITION", `${label} cannot be called: ${route.reason}`);
  };
}

function farMethod(method: ResolvedMethod, far: FarSide, options: CallOptions): ClientMethod {
  const { stream } = method.definition;
  if (stream === undefined) return farCall(method, far, options);
  return (stream === "client" ? farUpload : farStream)(method, far, options);
}

/** As `makeMethod`, for a method that is begun without waiting for it. */
export function makeStarter(
  method: ResolvedMethod,
  far: FarSide | undefined,
  options: CallOptions,
): (...args: unknown[]) => Promise<CallHandle<unknown>> {
  if (method.route.route === "far" && far !== undefined) return farStarter(method, far, options);
  return nearStarter(method, (signal) => {
    const signals = options.signal === undefined ? [signal] : [signal, options.signal];
    const own = { ...options, signal: AbortSignal.any(signals) };
    return makeMethod(method, far, own, MAX_TIMEOUT_MS) as (...args: unknown[]) => Promise<unknown>;
  });
}

/** The resolved function with its errors converted; a failed call is never repeated elsewhere. */
function nearMethod(
  native: NativeFunction,
  label: string,
  { signal, context }: CallOptions,
): ClientMethod {
  const call = async (...args: unknown[]): Promise<unknown> => {
    try {
      return native(...args);
    } catch (error) {
      throw toServiceError(error, label);
    }
  };
  if (signal === undefined && context === undefined) return call;
  return async (...args) => {
    if (signal?.aborted === true) throw errorOfAbort(signal);
    if (context?.signal.aborted === true) throw errorOfAbort(context.signal);
    return call(...args);
  };
}

/**
 * The native function on the pool or in a helper process. When its signal aborts or its deadline
 * passes a call is answered at once: one that was waiting for its turn is never made, one that C
 * has begun runs to its end.
 */
function queuedMethod(queued: QueuedFunction, label: string, settings: CallSettings): ClientMethod {
  return async (...args) => {
    let control: CallControl | undefined;
    try {
      control = new CallControl(settings.timeoutMs(), settings.signal);
      return await untilAborted(queued(control.signal, ...args), control.signal);
    } catch (error) {
      throw toServiceError(error, label);
    } finally {
      control?.release();
    }
  };
}
