import { ArgumentError, describeValue } from "../errors/index.js";
import { isLoopback } from "../internal/loopback.js";

/** Where a server listens. */
export interface Address {
  /** As in messages: what the user wrote. */
  readonly target: string;
  readonly origin: string;
  readonly socketPath: string | undefined;
  /** What stands before `/api`; empty or starting with a slash. */
  readonly prefix: string;
}

/** Far more than anybody lists by hand; a bound on what one client opens. */
const MAX_ADDRESSES = 1024;

/** Reads one address or a list of them, each once. */
export function parseBaseUrls(baseUrl: unknown): readonly [Address, ...Address[]] {
  if (!Array.isArray(baseUrl)) return [parseBaseUrl(baseUrl)];
  if (baseUrl.length < 1 || baseUrl.length > MAX_ADDRESSES) {
    throw new ArgumentError(
      `baseUrl must be a list of 1 to ${MAX_ADDRESSES} addresses, got ${baseUrl.length}`,
    );
  }
  const [first, ...rest] = baseUrl as unknown[];
  const addresses = [parseBaseUrl(first), ...rest.map(parseBaseUrl)] as const;
  const targets = new Set<string>();
  for (const { target } of addresses) {
    if (targets.has(target)) throw new ArgumentError(`baseUrl has "${target}" twice`);
    targets.add(target);
  }
  return addresses;
}

/** Reads `http://host:port/prefix`, `https://...` or `unix:/path/to.sock`. */
function parseBaseUrl(baseUrl: unknown): Address {
  if (typeof baseUrl !== "string") throw refusal(describeValue(baseUrl));
  if (baseUrl.startsWith("unix:")) {
    const socketPath = baseUrl.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (socketPath === "") throw refusal('"unix:" without a path');
    return { target: baseUrl, origin: "http://localhost", socketPath, prefix: "" };
  }
  const url = toHttpUrl(baseUrl);
  const { href } = url;
  if (href.includes("@") || href.includes("?") || href.includes("#")) refuseParts(url);
  let prefix = url.pathname;
  while (prefix.endsWith("/")) prefix = prefix.slice(0, -1);
  // Without a user in it, what stands before the path is the origin. Each further part of a URL
  // would take its first reader as long as ten methods of a client.
  const origin = href.slice(0, href.indexOf("/", "https://".length));
  return { target: baseUrl, origin, socketPath: undefined, prefix };
}

function toHttpUrl(baseUrl: string): URL {
  try {
    const url = new URL(baseUrl);
    if (url.href.startsWith("http:") || url.href.startsWith("https:")) return url;
  } catch {
    // Refused below.
  }
  throw refusal(JSON.stringify(baseUrl));
}

function refuseParts({ username, password, search, hash }: URL): void {
  if (username !== "" || password !== "") throw refusal("one with a user or password");
  if (search !== "" || hash !== "") throw refusal("one with a query or fragment");
}

/** Whether nobody can read on the way what is sent there: TLS, a Unix socket, or this machine. */
export function isPrivateAddress({ origin, socketPath }: Address): boolean {
  if (socketPath !== undefined) return true;
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || isLoopback(hostname.replace(/^\[|\]$/g, ""));
}

function refusal(got: string): ArgumentError {
  return new ArgumentError(
    'baseUrl must be "http://host:port", "https://host:port" or "unix:/path/to.sock", ' +
      `or a list of such, got ${got}`,
  );
}
