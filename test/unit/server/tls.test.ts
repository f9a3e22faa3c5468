import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { connect } from "node:tls";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import {
  callContext,
  createServer,
  type Server,
  type ServerOptions,
  type ServerTlsOptions,
} from "../../../src/server/index.js";
import { type Certificate, makeAuthority, sign } from "../../support/certificates.js";
import { failureOf } from "../client/servers.js";

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    who: {
      parameters: [],
      result: t.string(),
      handler: () => callContext().caller?.id ?? "nobody",
    },
    secret: { parameters: [], result: t.string(), handler: () => "kept", confidential: true },
    slow: {
      parameters: [],
      result: t.string(),
      handler: () => new Promise<string>((resolve) => setTimeout(resolve, 150, "slow")),
    },
  },
});

let authority: Certificate;
let stranger: Certificate;
let own: Certificate;
let client: Certificate;
beforeAll(() => {
  authority = makeAuthority("server-test-authority");
  stranger = makeAuthority("server-test-stranger");
  own = sign(authority, "server-test-server", "DNS:localhost,IP:127.0.0.1");
  client = sign(authority, "billing", "DNS:billing");
});

const servers: Server[] = [];
const clients: { $close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((each) => each.$close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(tls: Partial<ServerTlsOptions> = {}, options: Partial<ServerOptions> = {}) {
  const { cert, key } = own;
  const server = createServer({ services: [Work], tls: { cert, key, ...tls }, ...options });
  servers.push(server);
  return { server, ...(await server.listen()) };
}

function clientOf(baseUrl: string, tls: object = {}, options: object = {}) {
  const made = createClient(Work, {
    baseUrl,
    retries: 0,
    tls: { ca: authority.cert, ...tls },
    ...options,
  });
  clients.push(made);
  return made;
}

describe("tls", () => {
  it("serves https, over which secrets may go", async () => {
    const { url } = await start();
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await clientOf(url).secret()).toBe("kept");
    expect(await clientOf(url).who()).toBe("nobody");
  });

  it("tells handlers who called by a certificate that its authority signed", async () => {
    const { url } = await start({ ca: authority.cert, clientCertificates: "required" });
    const { cert, key } = client;
    expect(await clientOf(url, { cert, key }).who()).toBe("CN=billing");
    expect((await failureOf(() => clientOf(url).who())).code).toBe("UNAVAILABLE");
  });

  it("believes no other certificate, also where none is required", async () => {
    const { url } = await start({ ca: authority.cert, clientCertificates: "requested" });
    const { cert, key } = client;
    expect(await clientOf(url, { cert, key }).who()).toBe("CN=billing");
    expect(await clientOf(url).who()).toBe("nobody");
    const other = sign(stranger, "impostor", "DNS:billing");
    expect(await clientOf(url, { cert: other.cert, key: other.key }).who()).toBe("nobody");
  });

  it("limits callers by their certificates", async () => {
    const { url } = await start(
      { ca: authority.cert, clientCertificates: "requested" },
      { limits: { callsPerSecond: 1 } },
    );
    const { cert, key } = client;
    const billing = clientOf(url, { cert, key });
    expect(await billing.who()).toBe("CN=billing");
    expect((await failureOf(() => billing.who())).code).toBe("RESOURCE_EXHAUSTED");
    expect(await clientOf(url).who()).toBe("nobody");
  });

  it.each([
    [{ cert: 5 }, "tls.cert must be PEM"],
    [{ cert: "./cert.pem" }, 'tls.cert must be PEM, with a line "-----BEGIN ...", got a string'],
    [{ key: "secret" }, 'tls.key must be PEM, with a line "-----BEGIN ...", got a string'],
    [{ clientCertificates: "required" }, "tls.clientCertificates needs tls.ca"],
    [{ clientCertificates: "yes" }, 'tls.clientCertificates must be one of "none", "requested"'],
    [{ verify: true }, 'tls has no option "verify"'],
  ])("options %j are refused", (tls, message) => {
    const { cert, key } = own;
    const options = { services: [Work], tls: { cert, key, ...tls } as ServerTlsOptions };
    expect(() => createServer(options)).toThrow(message);
  });
});

describe("http2", () => {
  it("is spoken with callers that want it, next to HTTP/1.1 on the same port", async () => {
    const { url } = await start(
      { ca: authority.cert, clientCertificates: "requested" },
      { http2: true },
    );
    const { cert, key } = client;
    expect(await clientOf(url, { cert, key }).who()).toBe("CN=billing");
    expect(await clientOf(url, { cert, key }, { http2: true }).who()).toBe("CN=billing");
    expect(await versionOf(url, ["h2", "http/1.1"])).toBe("h2");
    expect(await versionOf(url, ["http/1.1"])).toBe("http/1.1");
    const response = await new Promise<{ httpVersion: string }>((resolve, reject) => {
      request(`${url}/livez`, { ca: authority.cert }, (answer) => {
        answer.resume();
        resolve(answer);
      })
        .on("error", reject)
        .end();
    });
    expect(response.httpVersion).toBe("1.1");
  });

  it("carries many calls on one connection", async () => {
    const { server, url } = await start({}, { http2: true });
    let connections = 0;
    server.app.server.on("secureConnection", () => connections++);
    const many = clientOf(url, {}, { http2: true, maxConnections: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => many.slow()));
    expect(new Set(answers)).toEqual(new Set(["slow"]));
    expect(connections).toBe(1);
  });

  it("refuses a body without a header that HTTP/2 does not know, of which Node would warn", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on("warning", onWarning);
    try {
      const { url } = await start({}, { http2: true, bodyLimitBytes: 10 });
      const session = connectHttp2(url, { ca: authority.cert });
      const head = { ":method": "POST", ":path": "/api/Work/slow" };
      const stream = session.request({ ...head, "content-type": "application/json" });
      stream.on("error", () => undefined).end(`["${"x".repeat(20)}"]`);
      const [answer] = (await once(stream, "response")) as [Record<string, unknown>];
      expect(answer[":status"]).toBe(413);
      await new Promise((resolve) => setImmediate(resolve));
      session.destroy();
    } finally {
      process.off("warning", onWarning);
    }
    expect(warnings.filter(({ name }) => name === "UnsupportedWarning")).toEqual([]);
  });

  it("ends in order: calls in progress are answered, new ones refused", async () => {
    const { server, url } = await start({}, { http2: true });
    const session = connectHttp2(url, { ca: authority.cert });
    session.on("error", () => undefined);
    await once(session, "connect");
    const stream = session.request({
      ":method": "POST",
      ":path": "/api/Work/slow",
      "content-type": "application/json",
    });
    stream.end("[]");
    let body = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    await new Promise((resolve) => server.app.server.once("request", resolve));
    const closing = server.close();
    await once(stream, "end");
    expect(body).toBe('"slow"');
    await closing;
    expect((await failureOf(() => clientOf(url).who())).code).toBe("UNAVAILABLE");
  });

  it("needs tls", () => {
    expect(() => createServer({ services: [Work], http2: true })).toThrow("http2 needs tls");
  });
});

/** What a server chooses of some protocols (RFC 7301). */
async function versionOf(url: string, protocols: string[]): Promise<string | false | null> {
  const { hostname, port } = new URL(url);
  const socket = connect({
    host: hostname,
    port: Number(port),
    ca: authority.cert,
    ALPNProtocols: protocols,
  });
  await once(socket, "secureConnect");
  socket.destroy();
  return socket.alpnProtocol;
}
