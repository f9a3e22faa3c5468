import type { WireChoice } from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { CallCodec } from "../service/call-codec.js";
import type { NativeFunction } from "../service/native-functions.js";
import { IDEMPOTENCY_HEADER } from "../service/problem.js";
import { toServiceError } from "../service/to-service-error.js";
import { callWithBytes } from "./call-with-bytes.js";
import { ConnectionError } from "./connection-error.js";
import { cancelled } from "./http-exchange.js";
import type { CallOptions } from "./options.js";
import type { ResolvedMethod } from "./route.js";
import type { Send, TransportRequest } from "./transport.js";

export type AsyncMethod = (...args: unknown[]) => Promise<unknown>;

/** What far methods need of their client. */
export interface FarSide {
  readonly send: Send;
  readonly forms: WireChoice | undefined;
  readonly service: string;
  readonly timeoutMs: number;
}

/** The promise function of a resolved method, with some options for its calls. */
export function makeMethod(
  method: ResolvedMethod,
  far: FarSide | undefined,
  options: CallOptions,
): AsyncMethod {
  const { native, label, route } = method;
  if (native !== undefined) return nearMethod(native, label, options.signal);
  if (route.route === "far" && far !== undefined) return farMethod(method, far, options);
  return async () => {
    throw new ServiceError("FAILED_PRECONDITION", `${label} cannot be called: ${route.reason}`);
  };
}

/** The resolved function with its errors converted; a failed call is never repeated elsewhere. */
function nearMethod(
  native: NativeFunction,
  label: string,
  signal: AbortSignal | undefined,
): AsyncMethod {
  const call: AsyncMethod = async (...args) => {
    try {
      return native(...args);
    } catch (error) {
      throw toServiceError(error, label);
    }
  };
  if (signal === undefined) return call;
  return async (...args) => {
    if (signal.aborted) throw cancelled(signal);
    return call(...args);
  };
}

function farMethod(method: ResolvedMethod, far: FarSide, options: CallOptions): AsyncMethod {
  const { definition, label } = method;
  const codec = new CallCodec(definition);
  const { send, forms } = far;
  const request: Omit<TransportRequest, "args"> = {
    service: far.service,
    method: definition.name,
    timeoutMs: options.timeoutMs ?? definition.timeoutMs ?? far.timeoutMs,
    idempotent: definition.idempotent,
    ...(definition.confidential && { confidential: true }),
    ...(options.signal !== undefined && { signal: options.signal }),
    ...(options.stickyKey !== undefined && { stickyKey: options.stickyKey }),
    ...(options.idempotencyKey !== undefined && {
      headers: { [IDEMPOTENCY_HEADER]: options.idempotencyKey },
    }),
  };
  const call =
    forms !== undefined && codec.carriesBytes
      ? callWithBytes({ send, codec, forms }, request)
      : async (args: readonly unknown[]): Promise<unknown> => {
          const response = await send({ ...request, args: codec.encodeArguments(args) });
          return codec.decodeResult(response.value);
        };
  return async (...args) => {
    try {
      return await call(args);
    } catch (error) {
      throw explain(toServiceError(error, label), method);
    }
  };
}

/** Where a server cannot be reached, the reason why the call did not go near belongs to it. */
function explain(error: ServiceError, { label, route }: ResolvedMethod): ServiceError {
  if (!(error instanceof ConnectionError)) return error;
  const message = `${label} cannot be called: not near (${route.reason}), not far (${error.message})`;
  return new ConnectionError(message, error.wasNeverSent, { cause: error.cause });
}
