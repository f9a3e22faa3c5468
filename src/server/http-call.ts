import type { ServerHttp2Stream } from "node:http2";
import type { FastifyReply, FastifyRequest } from "fastify";
import { IncomingCall, type Metadata } from "../call/index.js";
import { CBOR_CONTENT_TYPE } from "../service/cbor/cbor.js";
import type { WireForm } from "../service/schema/codec.js";
import { cborFor } from "./cbor-bodies.js";
import { isPrivateRequest } from "./confidential.js";
import { callerByCertificate } from "./tls-caller.js";

/** A call that came by HTTP. */
export class HttpCall extends IncomingCall {
  constructor(
    service: string,
    method: string,
    timeoutMs: number | undefined,
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    resumeAfter?: number,
  ) {
    super(service, method, timeoutMs, callerByCertificate(request), resumeAfter);
  }

  get headers(): Metadata {
    return this.request.headers;
  }

  override get argumentForm(): WireForm {
    const type = this.request.headers["content-type"];
    // What nearly all requests have need not be taken apart.
    if (type === undefined || type === "application/json") return "json";
    return type.toLowerCase().startsWith(CBOR_CONTENT_TYPE) ? "cbor" : "json";
  }

  override get resultForm(): WireForm {
    return cborFor(this.request.headers.accept) === undefined ? "json" : "cbor";
  }

  get isPrivate(): boolean {
    return isPrivateRequest(this.request);
  }

  /**
   * The response rather than the request: a request "closes" as soon as its body is read. In HTTP/2
   * one stream of many is reset; with code 0 its response seems to have come to a good end.
   */
  protected override listen(onGone: () => void): () => void {
    const { raw } = this.reply;
    const { stream } = raw as { readonly stream?: ServerHttp2Stream };
    if (stream !== undefined) {
      if (stream.aborted) onGone();
      // Closed before the call is over, it is the server that gave the request up.
      stream.once("aborted", onGone).once("close", onGone);
      return () => stream.off("aborted", onGone).off("close", onGone);
    }
    const onClose = (): void => {
      if (!raw.writableFinished) onGone();
    };
    raw.once("close", onClose);
    return () => raw.off("close", onClose);
  }
}
