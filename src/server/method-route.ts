import type { FastifyReply, FastifyRequest } from "fastify";
import { ServiceError } from "../errors/index.js";
import { CallCodec } from "../service/call-codec.js";
import {
  type Handler,
  MAX_TIMEOUT_MS,
  type MethodDefinition,
  type UploadHandler,
} from "../service/definition.js";
import { resolveNative } from "../service/native-functions.js";
import { TIMEOUT_HEADER } from "../service/problem.js";
import { RequestContext, runInContext } from "./call-context.js";
import { HttpRefusal, NOT_JSON } from "./problem-reply.js";
import { isUpload, Upload } from "./upload.js";

/** What a method's route is made of besides its definition. */
export interface RouteParts {
  readonly handler: Handler | undefined;
  readonly upload: UploadHandler | undefined;
  readonly uploadLimitBytes: number;
  readonly fail: FailCall;
}

export type FailCall = (request: FastifyRequest, reply: FastifyReply, error: unknown) => void;

/**
 * The route handler of one method. Everything is looked up here, once. Errors go to `fail`.
 * A result that is there at once is sent at once; only promises get timers.
 */
export function methodRoute(
  service: string,
  method: MethodDefinition,
  parts: RouteParts,
): (request: FastifyRequest, reply: FastifyReply) => void {
  const { fail } = parts;
  const label = `${service}.${method.name}`;
  const codec = new CallCodec(method);
  const answer = chooseImplementation(label, method, parts.handler);
  const upload = parts.upload && new Upload(method, codec, parts.upload, parts.uploadLimitBytes);

  const begin = (request: FastifyRequest): (() => unknown) => {
    if (isUpload(request)) {
      if (upload === undefined) throw new HttpRefusal(...NOT_JSON);
      return upload.answer(request);
    }
    const args = codec.decodeArguments(request.body);
    return () => answer(...args);
  };

  const send = (reply: FastifyReply, result: unknown): void => {
    const body = JSON.stringify(codec.encodeResult(result));
    reply.header("content-type", "application/json; charset=utf-8").send(body);
  };

  return (request, reply) => {
    let context: RequestContext | undefined;
    try {
      const timeoutMs = readTimeout(request.headers[TIMEOUT_HEADER]);
      const run = begin(request);
      const call = new RequestContext(service, method.name, timeoutMs, request);
      context = call;
      const result = runInContext(call, run);
      if (!isThenable(result)) {
        call.release();
        send(reply, result);
        return;
      }
      settle(result, call).then(
        (value) => {
          try {
            send(reply, value);
          } catch (error) {
            fail(request, reply, error);
          }
        },
        (error: unknown) => fail(request, reply, error),
      );
    } catch (error) {
      context?.release();
      fail(request, reply, error);
    }
  };
}

/** The native function where there is one; the handler otherwise; at worst the reason why not. */
function chooseImplementation(
  label: string,
  method: MethodDefinition,
  handler: Handler | undefined,
): (...args: unknown[]) => unknown {
  if (method.api === "ffi") {
    return () => {
      throw new ServiceError("UNIMPLEMENTED", `${label} runs near only: its api is "ffi"`);
    };
  }
  const native = resolveNative(method);
  if (native.call !== undefined) return native.call;
  if (handler !== undefined) return handler as (...args: unknown[]) => unknown;
  return () => {
    throw new ServiceError(
      "UNIMPLEMENTED",
      `${label} has no handler on this server, and ${native.reason}`,
    );
  };
}

function readTimeout(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const timeoutMs = typeof header === "string" && /^\d{1,10}$/.test(header) ? Number(header) : 0;
  if (timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs;
  throw new HttpRefusal(
    "INVALID_ARGUMENT",
    `header ${TIMEOUT_HEADER} must be an integer from 1 to ${MAX_TIMEOUT_MS}`,
    400,
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Waits for a handler's promise, but not longer than the caller does. */
function settle(result: PromiseLike<unknown>, context: RequestContext): Promise<unknown> {
  const { timeoutMs } = context;
  return new Promise((resolve, reject) => {
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            context.abort("the caller's deadline has passed");
            reject(new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`));
          }, timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      context.release();
    };
    result.then(
      (value) => {
        finish();
        resolve(value);
      },
      (error: unknown) => {
        finish();
        reject(error);
      },
    );
  });
}
