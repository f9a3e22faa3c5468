import type { FrameError } from "./ndjson.js";

/**
 * Calls over one WebSocket. A message is the JSON text of a frame, or of an array of them. The
 * caller numbers its calls; what belongs to a call has its number. Items flow against credit, in
 * both directions: so many may be sent as the other side has granted, and it grants more as it
 * reads.
 */
export const SOCKET_PROTOCOL = "nearfar.v1";

/** After the server's prefix. */
export const SOCKET_PATH = "/api";

/** How many items may be on their way in one direction of one stream. */
export const CREDIT_WINDOW = 64;

export interface CallFrame {
  readonly type: "call";
  readonly id: number;
  readonly service: string;
  readonly method: string;
  /** By position or by name, in the JSON form. */
  readonly args: unknown;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly resumeAfter?: number;
  /** How many items of the answer may be sent at first. */
  readonly credit?: number;
}

export interface ItemFrame {
  readonly type: "item";
  readonly id: number;
  readonly seq: number;
  readonly item: unknown;
}

export interface EndFrame {
  readonly type: "end";
  readonly id: number;
  readonly seq: number;
}

export interface CreditFrame {
  readonly type: "credit";
  readonly id: number;
  readonly count: number;
}

export interface CancelFrame {
  readonly type: "cancel";
  readonly id: number;
}

export interface ResultFrame {
  readonly type: "result";
  readonly id: number;
  /** By which the server's logs know the call; absent where nothing is logged or counted. */
  readonly requestId?: string;
  readonly value: unknown;
}

export interface ErrorFrame {
  readonly type: "error";
  readonly id: number;
  /** As in a result. */
  readonly requestId?: string;
  readonly error: FrameError;
}

export type ClientFrame = CallFrame | ItemFrame | EndFrame | CreditFrame | CancelFrame;

export type ServerFrame = ResultFrame | ErrorFrame | ItemFrame | EndFrame | CreditFrame;
