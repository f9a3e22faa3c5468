import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, createClient, type ServiceClient } from "../../../src/index.js";
import { createServer, type ServerOptions } from "../../../src/server/index.js";
import { inMemoryTransport } from "../../../src/testing/index.js";
import { makeAuthority, sign } from "../../support/certificates.js";
import { type ContractService, contractService, Journal } from "./service.js";

export interface Connection {
  readonly client: ServiceClient<ContractService>;
  readonly journal: Journal;
  close(): Promise<void>;
}

/** A way to the service; the contract holds for all of them. */
export interface Way {
  readonly name: string;
  /** Caller and handler do not share a process' memory: values are copies, errors are told. */
  readonly isFar: boolean;
  connect(options?: ClientOptions): Promise<Connection>;
}

const SILENT = { error: () => undefined };

async function near(options: ClientOptions = {}): Promise<Connection> {
  const journal = new Journal();
  const service = contractService(journal);
  const client = createClient(service, { ...options, implementation: service });
  return { client, journal, close: () => client.$close() };
}

async function inMemory(options: ClientOptions = {}): Promise<Connection> {
  const journal = new Journal();
  const service = contractService(journal);
  const transport = inMemoryTransport([service]);
  const client = createClient(service, { ...options, transport });
  return {
    client,
    journal,
    close: async () => {
      await client.$close();
      await transport.close();
    },
  };
}

function served(
  serverOptions: () => Partial<ServerOptions>,
  clientOptions: (url: string) => ClientOptions,
): Way["connect"] {
  return async (options = {}) => {
    const journal = new Journal();
    const service = contractService(journal);
    const server = createServer({ services: [service], logger: SILENT, ...serverOptions() });
    const { url } = await server.listen();
    const client = createClient(service, { ...clientOptions(url), ...options });
    return {
      client,
      journal,
      close: async () => {
        await client.$close();
        await server.close();
      },
    };
  };
}

async function overUnixSocket(options?: ClientOptions): Promise<Connection> {
  const folder = mkdtempSync(join(tmpdir(), "nearfar-contract-"));
  const socketPath = join(folder, "s.sock");
  const connect = served(
    () => ({ socketPath }),
    (baseUrl) => ({ baseUrl }),
  );
  const connection = await connect(options);
  return {
    ...connection,
    close: async () => {
      await connection.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const authority = makeAuthority("contract");
const own = sign(authority, "127.0.0.1", "IP:127.0.0.1");

export const WAYS: readonly Way[] = [
  { name: "near", isFar: false, connect: near },
  { name: "in memory", isFar: true, connect: inMemory },
  {
    name: "HTTP/1",
    isFar: true,
    connect: served(
      () => ({}),
      (baseUrl) => ({ baseUrl }),
    ),
  },
  {
    name: "HTTP/2",
    isFar: true,
    connect: served(
      () => ({ tls: { cert: own.cert, key: own.key }, http2: true }),
      (baseUrl) => ({ baseUrl, http2: true, tls: { ca: authority.cert } }),
    ),
  },
  { name: "Unix socket", isFar: true, connect: overUnixSocket },
  {
    name: "WebSocket",
    isFar: true,
    connect: served(
      () => ({}),
      (url) => ({ baseUrl: url.replace("http:", "ws:") }),
    ),
  },
];
