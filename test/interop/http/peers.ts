import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { defineService, ServiceError, t } from "../../../src/index.js";
import { callContext, createServer, type Server } from "../../../src/server/index.js";
import { type Certificate, makeAuthority, sign } from "../../support/certificates.js";

/** The service that other programs call. */
export const Greeter = defineService({
  name: "Greeter",
  methods: {
    greet: {
      parameters: [t.param("name", t.string())],
      result: t.string(),
      handler: (name) => `Hello, ${name}`,
    },
    who: { parameters: [], result: t.string(), handler: () => callContext().caller?.id ?? "-" },
    refuse: {
      parameters: [],
      result: t.null(),
      handler: () => {
        throw new ServiceError("FAILED_PRECONDITION", "not today");
      },
    },
    count: {
      parameters: [t.param("to", t.integer())],
      result: t.stream(t.integer()),
      idempotent: true,
      handler: async function* (to) {
        for (let value = 1; value <= to; value++) yield value;
      },
    },
  },
});

/** In CI every peer is installed; elsewhere those that are missing are left out. */
export function isMissing(command: string, args: readonly string[] = ["--version"]): boolean {
  if (process.env.CI !== undefined) return false;
  return spawnSync(command, args).status !== 0;
}

/** What a program prints. Rejects, with what it said, if it fails. */
export async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { encoding: "utf8" });
  return stdout;
}

export interface Servers {
  readonly plain: string;
  /** https with HTTP/2, and client certificates for those who have one. */
  readonly secure: string;
  readonly socketPath: string;
  readonly authority: Certificate;
  readonly client: Certificate;
  close(): Promise<void>;
}

/** One service on a port, on a port with TLS, and on a Unix socket. */
export async function startServers(name: string): Promise<Servers> {
  const authority = makeAuthority(`${name}-authority`);
  const { cert, key } = sign(authority, `${name}-server`, "DNS:localhost,IP:127.0.0.1");
  const client = sign(authority, `${name}-client`, "DNS:client");
  const directory = mkdtempSync(join(tmpdir(), "nearfar-peers-"));
  const socketPath = join(directory, "server.sock");
  const tls = { cert, key, ca: authority.cert, clientCertificates: "requested" } as const;
  const services = [Greeter];
  const servers: Server[] = [
    createServer({ services, referencePage: true }),
    createServer({ services, tls, http2: true }),
    createServer({ services, socketPath }),
  ];
  const [plain = "", secure = ""] = await Promise.all(
    servers.map(async (server) => (await server.listen()).url),
  );
  return {
    plain,
    secure,
    socketPath,
    authority,
    client,
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(directory, { recursive: true });
    },
  };
}
