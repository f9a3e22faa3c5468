import type { StreamKind } from "../service/definition.js";
import type { WireForm } from "../service/schema/codec.js";
import type { WireChoice } from "./wire-choice.js";

/** One call on its way: arguments are in the form that they travel in. */
export interface TransportRequest {
  readonly service: string;
  readonly method: string;
  /** By position, or by name. */
  readonly args: readonly unknown[] | Readonly<Record<string, unknown>>;
  /** The form of `args`. Absent: JSON. */
  readonly form?: WireForm;
  /** The answer may be in the CBOR form. */
  readonly acceptsCbor?: true;
  /** What the caller streams, in its JSON form; of methods that take such. */
  readonly items?: AsyncIterable<unknown>;
  /** Absent for a method of one request and one answer. */
  readonly stream?: StreamKind;
  /** Of a resumable method: the caller has had the items up to this number. */
  readonly resumeAfter?: number;
  /** How long the caller waits, all attempts together. 2^31 - 1 for a stream without a deadline. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Repeating the call does no harm. */
  readonly idempotent: boolean;
  /** Calls with the same key go to the same of several servers, where the client is to do so. */
  readonly stickyKey?: string;
  /** A secret is in it or in its answer: not to be sent over a network in clear text. */
  readonly confidential?: boolean;
}

/** An answer that is not an error; errors are thrown, as ServiceErrors. */
export interface TransportResponse {
  /** Undefined where there are `items`. */
  readonly value: unknown;
  /** The form of the value. Absent: JSON. */
  readonly form?: WireForm;
  /** What a server stream gives, in its JSON form. Whoever has it reads it, or calls `return`. */
  readonly items?: AsyncIterableIterator<unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * A way to reach a service. `call` rejects with a ServiceError and with nothing else; `close` is
 * idempotent, and calls after it are refused.
 */
export interface Transport {
  /** Where calls go, in words, for messages: `http://127.0.0.1:3000`. */
  readonly target: string;
  /** Absent: JSON is all that it knows. */
  readonly forms?: WireChoice;
  call(request: TransportRequest): Promise<TransportResponse>;
  close(): Promise<void>;
}

/**
 * Code around every far call of a client: it may change the request, look at the response or the
 * error, or answer by itself. The first of a client's list is the outermost; retries happen inside.
 */
export type Interceptor = (request: TransportRequest, next: Send) => Promise<TransportResponse>;

export type Send = (request: TransportRequest) => Promise<TransportResponse>;

/** Puts interceptors around a way to send, once; no list is walked on the call path. */
export function intercept(send: Send, interceptors: readonly Interceptor[]): Send {
  return interceptors.reduceRight<Send>(
    (next, interceptor) => (request) => interceptor(request, next),
    send,
  );
}
