import type { TlsOptions } from "node:tls";
import { ArgumentError } from "../errors/index.js";
import { requireKnownOptions, requireOneOf, requireString } from "../internal/options.js";
import { type Pem, requirePem } from "../internal/pem.js";

export interface ServerTlsOptions {
  /** The server's certificate, with those between it and its authority. */
  readonly cert: Pem;
  readonly key: Pem;
  /** What opens an encrypted key. */
  readonly passphrase?: string;
  /** The authorities whose certificates callers may show. */
  readonly ca?: Pem;
  /**
   * Whether callers show certificates of their own (mutual TLS): "required" turns away those that
   * do not. A handler finds who called in `callContext().caller`. Default "none".
   */
  readonly clientCertificates?: "none" | "requested" | "required";
}

/** Node's options for them. Throws an ArgumentError. */
export function resolveTls(tls: ServerTlsOptions): TlsOptions {
  requireKnownOptions(tls, ["cert", "key", "passphrase", "ca", "clientCertificates"], "tls");
  const { cert, key, passphrase, ca, clientCertificates = "none" } = tls;
  requirePem(cert, "tls.cert");
  requirePem(key, "tls.key");
  if (ca !== undefined) requirePem(ca, "tls.ca");
  if (passphrase !== undefined) requireString(passphrase, "tls.passphrase");
  requireOneOf(clientCertificates, "tls.clientCertificates", ["none", "requested", "required"]);
  // Without, every certificate of a public authority would do.
  if (clientCertificates !== "none" && ca === undefined) {
    throw new ArgumentError("tls.clientCertificates needs tls.ca, the authorities to trust");
  }
  return {
    cert: forNode(cert),
    key: forNode(key),
    ...(passphrase !== undefined && { passphrase }),
    ...(ca !== undefined && { ca: forNode(ca) }),
    requestCert: clientCertificates !== "none",
    rejectUnauthorized: clientCertificates === "required",
  };
}

/** Node's types want a Buffer where its code takes any bytes. */
function forNode(pem: Pem): (string | Buffer)[] {
  const items = typeof pem === "string" || pem instanceof Uint8Array ? [pem] : pem;
  return items.map((item) =>
    typeof item === "string" ? item : Buffer.from(item.buffer, item.byteOffset, item.byteLength),
  );
}
