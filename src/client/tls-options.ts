import { ArgumentError } from "../errors/index.js";
import { requireKnownOptions, requireString } from "../internal/options.js";
import { type Pem, requirePem } from "../internal/pem.js";

export interface ClientTlsOptions {
  /** The authorities that are trusted, instead of those that Node brings. */
  readonly ca?: Pem;
  /** This client's certificate, with those between it and its authority, for mutual TLS. */
  readonly cert?: Pem;
  /** The private key of `cert`. */
  readonly key?: Pem;
  /** What opens an encrypted key. */
  readonly passphrase?: string;
  /** The name that the server's certificate must have. Default: the host in `baseUrl`. */
  readonly servername?: string;
}

const PEM_OPTIONS = ["ca", "cert", "key"] as const;

export function checkTlsOptions(tls: ClientTlsOptions): void {
  requireKnownOptions(tls, [...PEM_OPTIONS, "passphrase", "servername"], "tls");
  for (const name of PEM_OPTIONS) {
    const value = tls[name];
    if (value !== undefined) requirePem(value, `tls.${name}`);
  }
  if (tls.passphrase !== undefined) requireString(tls.passphrase, "tls.passphrase");
  if (tls.servername !== undefined) requireString(tls.servername, "tls.servername");
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new ArgumentError("tls.cert and tls.key must be given together");
  }
}
