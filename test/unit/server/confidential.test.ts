import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createClient, defineService, type ServiceError, t } from "../../../src/index.js";
import { createServer, type Server, type ServerOptions } from "../../../src/server/index.js";

const calls: string[] = [];
const Vault = defineService({
  name: "Vault",
  methods: {
    open: {
      parameters: [t.param("key", t.string())],
      result: t.boolean(),
      confidential: true,
      handler: (key) => calls.push(key) > 0,
    },
    look: { parameters: [], result: t.boolean(), handler: () => true },
  },
});

const servers: Server[] = [];
afterEach(async () => {
  calls.length = 0;
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function serve(options: Partial<ServerOptions> = {}): Server {
  const server = createServer({ services: [Vault], ...options });
  servers.push(server);
  return server;
}

/** A call as it comes from that address, with these headers. */
async function callFrom(
  remoteAddress: string,
  { method = "open", headers = {}, options = {} } = {} as {
    method?: string;
    headers?: Record<string, string>;
    options?: Partial<ServerOptions>;
  },
) {
  const response = await serve(options).app.inject({
    method: "POST",
    url: `/api/Vault/${method}`,
    payload: method === "open" ? ["my secret"] : [],
    remoteAddress,
    headers,
  });
  return { status: response.statusCode, body: response.json() as unknown };
}

describe("a confidential method", () => {
  it.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])("answers %s", async (address) => {
    expect(await callFrom(address)).toEqual({ status: 200, body: true });
  });

  it.each(["192.0.2.1", "10.0.0.7", "::ffff:10.0.0.7", "2001:db8::1", "127.0.0.1.example.org"])(
    "refuses %s in clear text, before it runs, and says what to do",
    async (address) => {
      const { status, body } = await callFrom(address);
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: "FAILED_PRECONDITION",
        detail:
          "Vault.open carries a secret, which must not cross a network in clear text; use https, " +
          "a Unix socket or loopback, or set the server option allowClearTextSecrets",
      });
      expect(calls).toEqual([]);
    },
  );

  it("refuses what a proxy of this machine forwards in clear text", async () => {
    const headers = { "x-forwarded-for": "192.0.2.1" };
    expect(await callFrom("127.0.0.1", { headers })).toMatchObject({ status: 400 });
    const secure = { ...headers, "x-forwarded-proto": "https" };
    expect(await callFrom("127.0.0.1", { headers: secure })).toMatchObject({ status: 200 });
  });

  it("answers all where the server says so", async () => {
    const options = { allowClearTextSecrets: true };
    expect(await callFrom("192.0.2.1", { options })).toEqual({ status: 200, body: true });
  });

  it("leaves other methods of its service alone", async () => {
    expect(await callFrom("192.0.2.1", { method: "look" })).toEqual({ status: 200, body: true });
  });

  it("answers over a Unix socket", async () => {
    const server = serve({ socketPath: join(tmpdir(), `nearfar-vault-${process.pid}.sock`) });
    const { url } = await server.listen();
    await using client = createClient(Vault, { baseUrl: url });
    expect(await client.open("my secret")).toBe(true);
  });
});

describe("a client", () => {
  const refusalOf = async (baseUrl: string, allowClearTextSecrets?: boolean) => {
    await using client = createClient(Vault, {
      baseUrl,
      retries: 0,
      timeoutMs: 200,
      ...(allowClearTextSecrets !== undefined && { allowClearTextSecrets }),
    });
    const error = await client.open("my secret").catch((reason: ServiceError) => reason);
    return typeof error === "object" ? error : undefined;
  };

  it("does not send secrets to other machines in clear text", async () => {
    const error = await refusalOf("http://192.0.2.1:1");
    expect(error?.code).toBe("FAILED_PRECONDITION");
    expect(error?.message).toBe(
      "Vault.open carries a secret and was not sent to http://192.0.2.1:1 in clear text; " +
        "use https or a Unix socket, or set the option allowClearTextSecrets",
    );
  });

  it.each([
    ["over https", "https://127.0.0.1:1", undefined],
    ["to this machine", "http://localhost:1", undefined],
    ["to this machine by IPv6", "http://[::1]:1", undefined],
    ["where it is told to", "http://192.0.2.1:1", true],
  ])("sends them %s", async (_title, baseUrl, allow) => {
    expect(["UNAVAILABLE", "DEADLINE_EXCEEDED"]).toContain((await refusalOf(baseUrl, allow))?.code);
  });
});
