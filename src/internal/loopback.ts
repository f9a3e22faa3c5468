/**
 * Whether a host is this machine: `localhost` (RFC 6761, 6.3), 127.0.0.0/8 (RFC 1122, 3.2.1.3) or
 * ::1, also as IPv4 in IPv6 writes it.
 */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i.test(host);
}
