/** What a failure of a connection means for the call, and what to do about it. */
export interface ConnectionAdvice {
  /** No byte of the request can have reached a server. */
  readonly wasNeverSent: boolean;
  readonly advice: string | undefined;
}

const NO_HOST = "check the host in baseUrl, and DNS";
const NO_ROUTE = "check the address in baseUrl, and the network between here and there";
const NOT_LISTENING = "check that the server runs and listens there";
const UNTRUSTED =
  "name the authority that signed the server's certificate in the option tls.ca, " +
  "or in NODE_EXTRA_CA_CERTS";
const NO_TLS = "the server seems to speak no TLS there; try http: in baseUrl";
const REFUSED_CERTIFICATE =
  "the server does not accept this client's certificate; check tls.cert and tls.key";

/** Failures of a handshake, by the codes of Node and OpenSSL: the request comes after it. */
const HANDSHAKE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: "the server needs a new certificate, or this machine the right time",
  CERT_NOT_YET_VALID: "check the clocks of both machines",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the certificate is for another host; use its name in baseUrl or in the option tls.servername",
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

/**
 * Other failures. In TLS 1.3 a server refuses a client's certificate when the client may have sent
 * already (RFC 8446, 2).
 */
const OTHERS: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOT_LISTENING,
  ENOENT: NOT_LISTENING,
  EACCES: "this process may not use that socket",
  ENOTSOCK: "that file is not a socket",
  ENOTFOUND: NO_HOST,
  EAI_AGAIN: NO_HOST,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ETIMEDOUT: NO_ROUTE,
  UND_ERR_CONNECT_TIMEOUT: NO_ROUTE,
  HTTPParserError: "the server seems not to speak HTTP/1.1 there; is it https: in baseUrl?",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: REFUSED_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: REFUSED_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: REFUSED_CERTIFICATE,
};

export function connectionAdvice(failure: Error): ConnectionAdvice {
  const error = lastOf(failure);
  // undici's parser gives a name and no code.
  const { code = error.name } = error;
  if (Object.hasOwn(HANDSHAKE, code)) return { wasNeverSent: true, advice: HANDSHAKE[code] };
  const wasNeverSent = isConnecting(error);
  return { wasNeverSent, advice: Object.hasOwn(OTHERS, code) ? OTHERS[code] : undefined };
}

/** The system call tells: the same code may also end a connection that was in use. */
function isConnecting({ code, syscall }: NodeJS.ErrnoException): boolean {
  return syscall === "connect" || syscall === "getaddrinfo" || code === "UND_ERR_CONNECT_TIMEOUT";
}

/** Of several addresses tried, the last one speaks for all. */
function lastOf(error: Error): NodeJS.ErrnoException {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : undefined;
  return last instanceof Error ? lastOf(last) : error;
}
