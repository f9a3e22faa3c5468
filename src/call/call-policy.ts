import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";
import { IDEMPOTENCY_HEADER } from "../service/problem.js";
import { canonicalJson } from "../service/schema/canonical-json.js";
import { untilAborted } from "./abort.js";
import type { CallContext, Caller } from "./call-context.js";
import type { Source } from "./guarded-stream.js";
import { IdempotencyStore } from "./idempotency-store.js";
import type { IncomingCall } from "./incoming-call.js";
import { NestedCall } from "./nested-call.js";
import type { ServedMethod } from "./served-method.js";
import {
  type Interceptor,
  intercept,
  type Send,
  type TransportRequest,
  type TransportResponse,
} from "./transport.js";

/**
 * Finds out who calls. May throw UNAUTHENTICATED to refuse, or give nothing for an unknown caller.
 */
export type Identify = (call: CallContext) => Caller | undefined | Promise<Caller | undefined>;

export interface PolicyOptions {
  readonly identify?: Identify | undefined;
  /** Around every call that is answered; the first is the outermost. */
  readonly interceptors?: readonly Interceptor[];
}

/** How a method is answered once the policy lets it be. */
export type AnswerCall = (args: unknown, items: Source | undefined) => unknown;

/** What stands around all calls of a server, whichever way they come. */
export class CallPolicy {
  /** Nothing is to be done but for calls with an idempotency key. */
  readonly isPassive: boolean;
  private readonly keys = new IdempotencyStore();
  private readonly interceptors: readonly Interceptor[];
  private readonly identify: Identify | undefined;

  constructor({ identify, interceptors = [] }: PolicyOptions) {
    this.identify = identify;
    this.interceptors = interceptors;
    this.isPassive = identify === undefined && interceptors.length === 0;
  }

  /** Answers a call, with a result or a stream as `answer` does. */
  async run(
    method: ServedMethod,
    context: IncomingCall,
    args: unknown,
    items: Source | undefined,
    answer: AnswerCall,
  ): Promise<unknown> {
    if (this.identify !== undefined && !context.isIdentified) {
      const caller = await this.identify(context);
      if (caller !== undefined) context.caller = caller;
      context.isIdentified = true;
    }
    const send: Send = async (request) => {
      const given = request.items === undefined ? items : iteratorOf(request.items);
      const isKeyed = method.definition.stream === undefined && keyOf(context) !== undefined;
      const result = isKeyed
        ? await this.answerOnce(method, context, request.args)
        : await answer(request.args, given);
      const headers = {};
      if (!method.givesStream) return { value: result, form: context.resultForm, headers };
      return { value: undefined, items: result as AsyncIterableIterator<unknown>, headers };
    };
    const request = requestOf(method, context, args, items);
    const response = await intercept(send, this.interceptors)(request);
    return method.givesStream ? streamOf(method, response) : response.value;
  }

  /**
   * Answers a call that may come again. It is not cut when its caller goes away or has no time
   * left: the caller will ask for its answer.
   */
  private answerOnce(method: ServedMethod, context: IncomingCall, args: unknown): Promise<unknown> {
    const key = JSON.stringify([context.caller?.id, method.label, keyOf(context)]);
    const begin = async (): Promise<unknown> => {
      const { service, definition } = method;
      const spec = { service, method: definition.name, args };
      return method.answer(
        args,
        new NestedCall(spec, context, new AbortController().signal, context.argumentForm),
      );
    };
    const answer = this.keys.answer(key, fingerprintOf(args), begin);
    return method.inForm(withDeadline(untilAborted(answer, context.signal), context), context);
  }
}

function keyOf({ headers }: IncomingCall): string | undefined {
  const key = headers[IDEMPOTENCY_HEADER];
  return typeof key === "string" ? key : undefined;
}

function fingerprintOf(args: unknown): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(canonicalJson(args)).digest("base64");
}

async function withDeadline(answer: Promise<unknown>, context: IncomingCall): Promise<unknown> {
  const { timeoutMs, remainingMs } = context;
  if (timeoutMs === undefined) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), remainingMs);
  });
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
    context.release();
  });
}

function requestOf(
  { service, definition }: ServedMethod,
  context: IncomingCall,
  args: unknown,
  items: Source | undefined,
): TransportRequest {
  const { resumeAfter } = context;
  return {
    service,
    method: definition.name,
    args: args as TransportRequest["args"],
    form: context.argumentForm,
    timeoutMs: context.remainingMs ?? MAX_TIMEOUT_MS,
    get signal() {
      return context.signal;
    },
    headers: Object.fromEntries(
      Object.entries(context.headers).flatMap(([name, value]) =>
        typeof value === "string" ? [[name, value]] : [],
      ),
    ),
    idempotent: definition.idempotent,
    ...(items !== undefined && { items: iterableOf(items) }),
    ...(definition.stream !== undefined && { stream: definition.stream }),
    ...(definition.confidential && { confidential: true }),
    ...(resumeAfter !== undefined && { resumeAfter }),
  };
}

function streamOf(method: ServedMethod, { items }: TransportResponse): unknown {
  if (items !== undefined) return items;
  throw new ServiceError("INTERNAL", `an interceptor answered ${method.label} with no stream`);
}

function iteratorOf(items: AsyncIterable<unknown>): Source {
  return items[Symbol.asyncIterator]();
}

function iterableOf(items: Source): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => items as AsyncIterator<unknown> };
}
