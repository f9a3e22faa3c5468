import { ServiceError } from "../errors/index.js";
import { CallCodec } from "../service/call-codec.js";
import type { Handler, MethodDefinition } from "../service/definition.js";
import { resolveNative } from "../service/native-functions.js";
import { runInContext } from "./call-context.js";
import type { IncomingCall } from "./incoming-call.js";

/**
 * A method that is answered in this process, whichever way its calls come. Everything is looked up
 * when it is made.
 */
export class ServedMethod {
  /** `Service.method`, for messages. */
  readonly label: string;
  readonly codec: CallCodec;
  private readonly answer: (...args: unknown[]) => unknown;

  constructor(
    readonly service: string,
    readonly definition: MethodDefinition,
    handler: Handler | undefined,
  ) {
    this.label = `${service}.${definition.name}`;
    this.codec = new CallCodec(definition);
    this.answer = chooseImplementation(this.label, definition, handler);
  }

  /**
   * Answers a call. `args`, by position or by name, and the result have the forms that the context
   * says. It comes at once where the handler gave it at once, else as a promise. Throws, or rejects
   * with, whatever the handler did.
   */
  call(args: unknown, context: IncomingCall): unknown {
    const values = this.codec.decodeArguments(args, context.argumentForm);
    return this.run(context, () => this.answer(...values));
  }

  /** As `call`, with something else than the handler to run. */
  run(context: IncomingCall, answer: () => unknown): unknown {
    let result: unknown;
    try {
      result = runInContext(context, answer);
    } catch (error) {
      context.release();
      throw error;
    }
    if (isThenable(result)) return this.settle(result, context);
    context.release();
    return this.codec.encodeResult(result, context.resultForm);
  }

  /** Waits for a handler's promise, but not longer than the caller does. */
  private settle(result: PromiseLike<unknown>, context: IncomingCall): Promise<unknown> {
    const { timeoutMs } = context;
    return new Promise((resolve, reject) => {
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              context.abort(
                new ServiceError("DEADLINE_EXCEEDED", "the caller's deadline has passed"),
              );
              reject(new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`));
            }, context.remainingMs);
      const finish = (): void => {
        clearTimeout(timer);
        context.release();
      };
      result.then(
        (value) => {
          finish();
          try {
            resolve(this.codec.encodeResult(value, context.resultForm));
          } catch (error) {
            reject(error);
          }
        },
        (error: unknown) => {
          finish();
          reject(error);
        },
      );
    });
  }
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
  if (native.call !== undefined) return native.callConverted;
  if (handler !== undefined) return handler as (...args: unknown[]) => unknown;
  return () => {
    throw new ServiceError(
      "UNIMPLEMENTED",
      `${label} has no handler on this server, and ${native.reason}`,
    );
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
