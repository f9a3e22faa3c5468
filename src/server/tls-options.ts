import type { TlsOptions } from "node:tls";
import { ArgumentError, describeValue } from "../errors/index.js";
import { requireKnownOptions, requireOneOf, requireString } from "../internal/options.js";

/** One or several certificates or keys: PEM as text or bytes. */
type Pem = string | Buffer | (string | Buffer)[];

export interface ServerTlsOptions {
  /** The server's certificate, with those between it and its authority. */
  readonly cert: Pem;
  readonly key: Pem;
  /** What opens an encrypted key. */
  readonly passphrase?: string;
  /** The authorities whose certificates callers may show. */
  readonly ca?: Pem;
  /**
   * Whether callers show certificates of their own (mutual TLS): "required" turns away those that do
   * not. A handler finds who called in `callContext().caller`. Default "none".
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
    cert,
    key,
    ...(passphrase !== undefined && { passphrase }),
    ...(ca !== undefined && { ca }),
    requestCert: clientCertificates !== "none",
    rejectUnauthorized: clientCertificates === "required",
  };
}

function requirePem(value: unknown, name: string): void {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) {
    if (typeof item === "string" || item instanceof Uint8Array) continue;
    throw new ArgumentError(
      `${name} must be PEM, as a string or bytes, or a list of such, got ${describeValue(item)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
}
