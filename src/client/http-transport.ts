import {
  errorOfAbort,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  WireChoice,
} from "../call/index.js";
import { ServiceError } from "../errors/index.js";
import { CBOR_CONTENT_TYPE } from "../service/cbor/cbor.js";
import { TIMEOUT_HEADER } from "../service/problem.js";
import { compress } from "./http-body.js";
import {
  type HttpSettings,
  type HttpTransportOptions,
  resolveHttpOptions,
} from "./http-options.js";
import { HttpOrigins } from "./http-origins.js";
import { streamRequest } from "./http-stream-request.js";

const ACCEPT = `${CBOR_CONTENT_TYPE}, application/json;q=0.9`;

/**
 * Calls over HTTP: `POST /api/<Service>/<method>` with a JSON array or object, or the same as CBOR.
 */
export class HttpTransport implements Transport {
  readonly target: string;
  readonly forms?: WireChoice;
  private readonly settings: HttpSettings;
  /** Made by the first call. */
  private origins: HttpOrigins | undefined;

  constructor(options: HttpTransportOptions) {
    const settings = resolveHttpOptions(options);
    this.settings = settings;
    if (settings.cbor) this.forms = new WireChoice();
    this.target = settings.addresses.map(({ target }) => target).join(", ");
  }

  call(request: TransportRequest): Promise<TransportResponse> {
    const { signal, confidential, stickyKey } = request;
    this.origins ??= new HttpOrigins(this.settings);
    const { origins } = this;
    if (confidential === true && origins.clearText !== undefined) {
      return Promise.reject(clearTextRefusal(request, origins.clearText));
    }
    if (signal?.aborted === true) return Promise.reject(errorOfAbort(signal));
    const { service, method } = request;
    const path = origins.paths.of(service, method);
    if (request.stream !== undefined) {
      return origins.choose(stickyKey).call(request, { path, ...streamRequest(request) });
    }
    const cbor = this.forms?.cbor;
    const isCbor = request.form === "cbor" && cbor !== undefined;
    // Put together without spreading: objects of one shape, which are many times faster to make.
    const headers: Record<string, string> = {
      "content-type": isCbor ? CBOR_CONTENT_TYPE : "application/json",
      [TIMEOUT_HEADER]: String(request.timeoutMs),
    };
    if (cbor !== undefined && request.acceptsCbor) headers.accept = ACCEPT;
    if (request.headers !== undefined) Object.assign(headers, request.headers);
    const body = isCbor ? cbor.encode(request.args) : JSON.stringify(request.args);
    const { compressAboveBytes } = this.settings;
    // Compressed, the length of a secret would say something about it (CRIME, BREACH).
    if (compressAboveBytes !== Number.POSITIVE_INFINITY && confidential !== true) {
      headers["accept-encoding"] = "gzip";
      if (Buffer.byteLength(body) > compressAboveBytes) {
        headers["content-encoding"] = "gzip";
        return compress(body).then((bytes) =>
          origins.choose(stickyKey).call(request, { path, headers, body: bytes }),
        );
      }
    }
    return origins.choose(stickyKey).call(request, { path, headers, body });
  }

  /** Waits for calls in flight; later calls are refused. */
  async close(): Promise<void> {
    this.origins ??= new HttpOrigins(this.settings);
    await this.origins.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function clearTextRefusal({ service, method }: TransportRequest, target: string): ServiceError {
  return new ServiceError(
    "FAILED_PRECONDITION",
    `${service}.${method} carries a secret and was not sent to ${target} in clear text; ` +
      "use https or a Unix socket, or set the option allowClearTextSecrets",
  );
}
