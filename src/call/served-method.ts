import { ServiceError } from "../errors/index.js";
import { type CallCodec, callCodecOf } from "../service/call-codec.js";
import type { MethodDefinition } from "../service/definition.js";
import { IDEMPOTENCY_HEADER } from "../service/problem.js";
import { runInContext } from "./call-context.js";
import type { CallPolicy } from "./call-policy.js";
import type { Implementation } from "./choose-implementation.js";
import { type Conversion, WIRE_FORM } from "./conversion.js";
import { GuardedStream, type Source } from "./guarded-stream.js";
import type { IncomingCall } from "./incoming-call.js";

/**
 * A method that is answered in this process, whichever way its calls come. Arguments and
 * results have the forms that the context says, items their JSON form; within a process all are the
 * caller's own values. What a handler throws comes out as it is.
 */
export class ServedMethod {
  /** `Service.method`, for messages. */
  readonly label: string;
  /** Made by the first call. */
  private madeCodec: CallCodec | undefined;
  /** It answers with a stream: `stream` is to be called, not `call`. */
  readonly givesStream: boolean;

  constructor(
    readonly service: string,
    readonly definition: MethodDefinition,
    private readonly implementation: Implementation,
    private readonly conversion: Conversion = WIRE_FORM,
    private readonly policy?: CallPolicy,
  ) {
    this.label = `${service}.${definition.name}`;
    this.givesStream = definition.stream === "server" || definition.stream === "bidirectional";
  }

  get codec(): CallCodec {
    this.madeCodec ??= callCodecOf(this.definition);
    return this.madeCodec;
  }

  /**
   * Answers with one result: at once where the handler gave it at once, else as a promise. `items`
   * is what the caller streams.
   */
  call(args: unknown, context: IncomingCall, items?: Source): unknown {
    const { policy } = this;
    if (policy === undefined || isFree(policy, context)) return this.answer(args, context, items);
    return policy.run(this, context, args, items, (values, given) =>
      this.answer(values, context, given),
    );
  }

  /** As `call`, with something else than the handler to run, and arguments of its own. */
  upload(context: IncomingCall, answer: () => unknown): unknown {
    const { policy } = this;
    if (policy === undefined || policy.isPassive) return this.run(context, answer);
    return policy.run(this, context, [], undefined, () => this.run(context, answer));
  }

  /**
   * Answers with a stream, which is to be read or returned. The handler begins when the first item
   * is asked for; bad arguments throw at once. Cut by the caller or its deadline, the handler's
   * signal aborts, and then its `finally` runs.
   */
  async stream(
    args: unknown,
    context: IncomingCall,
    items?: Source,
  ): Promise<AsyncIterableIterator<unknown>> {
    const { policy } = this;
    if (policy === undefined || policy.isPassive) return this.answerStream(args, context, items);
    const answer = policy.run(this, context, args, items, (values, given) =>
      this.answerStream(values, context, given),
    );
    return (await answer) as AsyncIterableIterator<unknown>;
  }

  /** A result in its JSON form, in the form that a call asks for. */
  async inForm(result: Promise<unknown>, { resultForm }: IncomingCall): Promise<unknown> {
    const json = await result;
    if (resultForm === "json") return json;
    return this.codec.encodeResult(this.codec.decodeResult(json), resultForm);
  }

  /** As `call`, whatever the policy says. */
  answer(args: unknown, context: IncomingCall, items?: Source): unknown {
    const values = this.conversion.arguments(this.codec, args, context.argumentForm);
    if (items === undefined) return this.run(context, () => this.implementation(...values));
    const stream = this.itemsOf(items, context);
    const answer = (): unknown => this.implementation(...values, stream);
    return this.run(context, answer, () => void stream.return());
  }

  private run(context: IncomingCall, answer: () => unknown, onEnd?: () => void): unknown {
    let result: unknown;
    try {
      result = runInContext(context, answer);
    } catch (error) {
      onEnd?.();
      context.release();
      throw error;
    }
    if (isThenable(result)) return this.settle(result, context, onEnd);
    onEnd?.();
    context.release();
    return this.conversion.result(this.codec, result, context.resultForm);
  }

  /** As `stream`, at once and whatever the policy says. */
  answerStream(args: unknown, context: IncomingCall, items?: Source): GuardedStream<unknown> {
    const values = this.conversion.arguments(this.codec, args, context.argumentForm);
    if (items !== undefined) values.push(this.itemsOf(items, context));
    let timer: NodeJS.Timeout | undefined;
    return new GuardedStream({
      signal: () => context.signal,
      step: (run) => runInContext(context, run),
      open: async () => {
        timer = startDeadline(context, () => undefined);
        const answer = await runInContext(context, () => this.implementation(...values));
        return this.iteratorOf(answer);
      },
      read: (value) => this.conversion.result(this.codec, value, "json"),
      onEnd: (isComplete) => {
        clearTimeout(timer);
        if (!isComplete) context.abort(new ServiceError("CANCELLED", "the caller wants no more"));
        context.release();
        if (items !== undefined) void (values.at(-1) as GuardedStream<unknown>).return();
      },
    });
  }

  private itemsOf(items: Source, context: IncomingCall): GuardedStream<unknown> {
    return new GuardedStream({
      open: () => items,
      signal: () => context.signal,
      read: (item, number) => this.conversion.item(this.codec, item, number),
    });
  }

  private iteratorOf(answer: unknown): Source {
    const open = (answer as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator];
    if (typeof open === "function") return open.call(answer);
    throw new ServiceError("INTERNAL", `${this.label} must give an async iterable`);
  }

  /** Waits for a handler's promise, but not longer than the caller does. */
  private settle(
    result: PromiseLike<unknown>,
    context: IncomingCall,
    onEnd: (() => void) | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = startDeadline(context, reject);
      const finish = (): void => {
        clearTimeout(timer);
        onEnd?.();
        context.release();
      };
      result.then(
        (value) => {
          finish();
          try {
            resolve(this.conversion.result(this.codec, value, context.resultForm));
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

/** Whether a policy has nothing to do with a call. */
function isFree(policy: CallPolicy, { headers }: IncomingCall): boolean {
  return policy.isPassive && headers[IDEMPOTENCY_HEADER] === undefined;
}

/** When the caller's deadline passes, its handler's signal aborts. */
function startDeadline(
  context: IncomingCall,
  reject: (error: ServiceError) => void,
): NodeJS.Timeout | undefined {
  const { timeoutMs, remainingMs } = context;
  if (timeoutMs === undefined) return undefined;
  return setTimeout(() => {
    context.abort(new ServiceError("DEADLINE_EXCEEDED", "the caller's deadline has passed"));
    reject(new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`));
  }, remainingMs);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
