import type { CallFrame, ErrorLogger } from "../call/index.js";
import { SERVICE_CODES, type ServiceCode } from "../errors/index.js";
import { type CallLogger, type CallName, type CallObserver, observeCall } from "./call-observer.js";
import { REQUEST_ID_HEADER, requestIdOf } from "./request-id.js";

/** What calls of sockets tell of themselves, as those over HTTP do. */
export interface CallWatch {
  readonly observers: readonly CallObserver[];
  /** A call's name for observers: empty for what is not served. */
  readonly nameOf: (call: CallName) => CallName;
  readonly log: CallLogger;
  /** Where failures of handlers are told of. */
  readonly failures: ErrorLogger;
}

interface Watched {
  readonly requestId: string;
  readonly end: (code: ServiceCode) => void;
}

/** The calls of one socket, as observers and logs see them. */
export class SocketWatch {
  private readonly calls = new Map<number, Watched>();

  constructor(
    private readonly watch: CallWatch,
    private readonly address: string,
  ) {}

  began(frame: CallFrame): void {
    const { observers, nameOf, log } = this.watch;
    // What nobody asks for costs a call nothing.
    if (observers.length === 0) return;
    const requestId = requestIdOf(frame.headers?.[REQUEST_ID_HEADER]);
    const end = observeCall(observers, { ...nameOf(frame), way: "websocket" });
    this.calls.set(frame.id, {
      requestId,
      end: (code) => {
        const status = SERVICE_CODES[code].httpStatus;
        const from = this.address === "" ? undefined : this.address;
        end({ code, status, from, log: withId(log, requestId) });
      },
    });
  }

  /** Only the first end of a call counts. */
  ended(id: number, code: ServiceCode): void {
    const call = this.calls.get(id);
    this.calls.delete(id);
    call?.end(code);
  }

  /** What the last frame of a call has for its caller: the id by which logs know it. */
  idFor(id: number): { readonly requestId?: string } {
    const call = this.calls.get(id);
    return call === undefined ? {} : { requestId: call.requestId };
  }

  /** Tells of a failed handler with the id of its call. */
  failuresOf(frame: CallFrame): ErrorLogger {
    const { failures } = this.watch;
    return {
      error: ({ err }, message) => {
        const known = this.calls.get(frame.id)?.requestId;
        const reqId = known ?? requestIdOf(frame.headers?.[REQUEST_ID_HEADER]);
        failures.error({ err, reqId }, message);
      },
    };
  }
}

/** The lines of one call, as a request's own logger has them. */
function withId(log: CallLogger, reqId: string): CallLogger {
  return {
    info: (details, message) => log.info({ reqId, ...details }, message),
    warn: (details, message) => log.warn({ reqId, ...details }, message),
  };
}
