import { type Caller, type CallFrame, IncomingCall, type Metadata } from "../call/index.js";

/** What a call of a socket knows of it. */
export interface SocketOrigin {
  readonly headers: Metadata;
  readonly isPrivate: boolean;
  readonly caller: Caller | undefined;
  readonly address: string;
}

/** A call that came over a WebSocket; it ends when the caller says so, or with the socket. */
export class SocketCall extends IncomingCall {
  readonly headers: Metadata;
  readonly isPrivate: boolean;
  private onGone: (() => void) | undefined;
  private isGone = false;

  constructor(frame: CallFrame, origin: SocketOrigin, resumeAfter: number | undefined) {
    super(frame.service, frame.method, frame.timeoutMs, origin.caller, resumeAfter);
    this.headers =
      frame.headers === undefined ? origin.headers : { ...origin.headers, ...frame.headers };
    this.isPrivate = origin.isPrivate;
  }

  /** The caller waits no more. */
  cancel(): void {
    this.isGone = true;
    this.onGone?.();
  }

  protected override listen(onGone: () => void): () => void {
    this.onGone = onGone;
    if (this.isGone) onGone();
    return () => {
      this.onGone = undefined;
    };
  }
}
