import { IncomingCall, type Metadata, type TransportRequest } from "../call/index.js";

/** A call from the same process that takes the way of one from elsewhere. */
export class MemoryCall extends IncomingCall {
  readonly isPrivate = true;
  readonly headers: Metadata;

  constructor(private readonly request: TransportRequest) {
    const { service, method, timeoutMs, resumeAfter } = request;
    super(service, method, timeoutMs, undefined, resumeAfter);
    this.headers = request.headers ?? {};
  }

  protected override listen(onGone: () => void): () => void {
    const { signal } = this.request;
    if (signal?.aborted === true) onGone();
    signal?.addEventListener("abort", onGone, { once: true });
    return () => signal?.removeEventListener("abort", onGone);
  }
}
