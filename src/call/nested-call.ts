import { IDEMPOTENCY_HEADER } from "../service/problem.js";
import type { WireForm } from "../service/schema/codec.js";
import type { Metadata } from "./call-context.js";
import { IncomingCall } from "./incoming-call.js";

/** A call as one of a batch names it, or one that nobody waits for. */
export interface CallSpec {
  readonly service: string;
  readonly method: string;
  readonly args: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** A call within a call: of the same caller, and no longer than a signal allows. */
export class NestedCall extends IncomingCall {
  readonly headers: Metadata;
  readonly isPrivate: boolean;

  constructor(
    { service, method, headers, timeoutMs }: CallSpec,
    parent: IncomingCall,
    private readonly outer: AbortSignal,
    private readonly form: WireForm = "json",
  ) {
    super(service, method, timeoutMs, parent.caller);
    this.headers = { ...parent.headers, [IDEMPOTENCY_HEADER]: undefined, ...headers };
    this.isPrivate = parent.isPrivate;
    this.isIdentified = parent.isIdentified;
  }

  override get argumentForm(): WireForm {
    return this.form;
  }

  protected override listen(onGone: () => void): () => void {
    const { outer } = this;
    if (outer.aborted) onGone();
    outer.addEventListener("abort", onGone, { once: true });
    return () => outer.removeEventListener("abort", onGone);
  }
}
