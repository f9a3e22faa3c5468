import type { Socket } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { FastifyRequest } from "fastify";
import type { Caller } from "../call/index.js";

/** By connection: a certificate is read once, not with every call. */
const callers = new WeakMap<Socket, Caller | null>();

/**
 * Who calls, by the certificate that its connection showed and that an authority of the server's
 * signed. `id` is the certificate's subject.
 */
export function callerByCertificate({
  protocol,
  raw,
}: Pick<FastifyRequest, "protocol" | "raw">): Caller | undefined {
  if (protocol !== "https") return undefined;
  const socket = socketOf(raw);
  const known = callers.get(socket);
  if (known !== undefined) return known ?? undefined;
  const caller = read(socket as Partial<TLSSocket>);
  callers.set(socket, caller ?? null);
  return caller;
}

/** HTTP/2's requests share a connection and have a proxy of it each. */
function socketOf(raw: FastifyRequest["raw"]): Socket {
  const { stream } = raw as { stream?: { session?: { socket: Socket } } };
  return stream?.session?.socket ?? raw.socket;
}

function read(socket: Partial<TLSSocket>): Caller | undefined {
  if (socket.authorized !== true) return undefined;
  const certificate = socket.getPeerCertificate?.();
  if (certificate === undefined || Object.keys(certificate).length === 0) return undefined;
  const { subjectaltname, issuer, serialNumber, fingerprint256, valid_to } = certificate;
  return {
    id: nameOf(certificate.subject),
    attributes: {
      alternativeNames: subjectaltname,
      issuer: nameOf(issuer),
      serialNumber,
      fingerprint256,
      validTo: valid_to,
    },
  };
}

/** `CN=billing,O=Example`, in the certificate's order. */
function nameOf(name: PeerCertificate["subject"]): string {
  return Object.entries(name)
    .flatMap(([type, value]) => [value].flat().map((each) => `${type}=${each}`))
    .join(",");
}
