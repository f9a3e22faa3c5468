import type { FastifyInstance, FastifyPluginCallback } from "fastify";
import { openApi, type ServiceSource } from "../service/index.js";
import { loadPeer } from "./load-peer.js";

/** Where the document is, and where the page that shows it. */
const DOCUMENT_PATH = "/openapi.json";
const PAGE_PATH = "/docs";

/** The OpenAPI 3.1 document of the services; made when it is asked for first. */
export function addOpenApi(app: FastifyInstance, services: readonly ServiceSource[]): void {
  // As bytes: to text, Fastify would add a charset, which JSON has none of (RFC 8259, 11).
  let body: Buffer | undefined;
  app.get(DOCUMENT_PATH, (_, reply) => {
    body ??= Buffer.from(JSON.stringify(openApi(services, { prefix: app.prefix })));
    reply.header("content-type", "application/json").send(body);
  });
}

/** The page may load and call what is on this server and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

interface PageOptions {
  readonly routePrefix: string;
  readonly hooks: object;
  readonly configuration: object;
}

/** A page to read the document and try calls; its parts come from this server, not a network. */
export function addReferencePage(app: FastifyInstance): void {
  const { default: page } = loadPeer<{ default: FastifyPluginCallback<PageOptions> }>(
    "@scalar/fastify-api-reference",
    "the option referencePage",
  );
  app.register(page, {
    routePrefix: PAGE_PATH,
    hooks: {
      onRequest: (_request: unknown, reply: Reply, proceed: () => void) => {
        reply.header("content-security-policy", CONTENT_SECURITY_POLICY);
        proceed();
      },
    },
    configuration: {
      url: `${app.prefix}${DOCUMENT_PATH}`,
      // What would leave the machine.
      telemetry: false,
      withDefaultFonts: false,
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}

interface Reply {
  header(name: string, value: string): unknown;
}
