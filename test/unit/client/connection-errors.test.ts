import dns from "node:dns";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type ClientOptions, createClient, defineService, t } from "../../../src/index.js";
import { type Certificate, makeAuthority, sign } from "../../support/certificates.js";
import { answering, closeLater, freePort, startHttp, startTcp, startTls } from "./foreign.js";
import { failureOf, startServer } from "./servers.js";

const Work = defineService({
  name: "Work",
  api: "http",
  methods: { once: { parameters: [], result: t.string() } },
});

function call(baseUrl: string, options: ClientOptions = {}): Promise<unknown> {
  const client = createClient(Work, { baseUrl, retries: 0, ...options });
  closeLater(() => client.$close());
  return client.once();
}

const failure = (baseUrl: string, options?: ClientOptions) =>
  failureOf(() => call(baseUrl, options));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("an error says what to do", () => {
  it("about a host that nobody knows", async () => {
    vi.spyOn(dns, "lookup").mockImplementation(((...args: unknown[]) => {
      const error = new Error("getaddrinfo ENOTFOUND no.such.host");
      const known = Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo" });
      (args.at(-1) as (error: Error) => void)(known);
    }) as unknown as typeof dns.lookup);
    const { code, message } = await failure("http://no.such.host:3000");
    expect(code).toBe("UNAVAILABLE");
    expect(message).toMatch(/^Work.once cannot be called: not near .*not far \(cannot reach/);
    expect(message).toContain("getaddrinfo ENOTFOUND no.such.host; check the host in baseUrl");
  });

  it("about a port that nothing listens on", async () => {
    const { message } = await failure(`http://127.0.0.1:${await freePort()}`);
    expect(message).toMatch(/ECONNREFUSED.*; check that the server runs and listens there/);
  });

  it("about a socket that is not there, or no socket", async () => {
    const missing = await failure(`unix:${join(tmpdir(), "no-such-socket")}`);
    expect(missing.message).toMatch(/ENOENT.*; check that the server runs and listens there/);
  });

  it("about a server that accepts and says nothing", async () => {
    const port = await startTcp(() => undefined);
    const { message } = await failure(`https://127.0.0.1:${port}`, { connectTimeoutMs: 50 });
    expect(message).toMatch(/cannot reach .*Connect Timeout.*; check the address in baseUrl/);
  });

  it("about what is no HTTP", async () => {
    const port = await startTcp((socket) => socket.end("220 mail.example ESMTP\r\n"));
    const { message } = await failure(`http://127.0.0.1:${port}`);
    expect(message).toMatch(/lost the connection to .*; the server seems not to speak HTTP\/1\.1/);
  });

  it("about a path without services, or a page", async () => {
    const url = await startHttp((_, response) => {
      response.setHeader("content-type", "text/html").end("<html>");
    });
    expect(await failure(url)).toEqual({
      code: "UNKNOWN",
      message:
        `${url} answered 200 with "text/html", not JSON; ` +
        "check that baseUrl, with its path, is that of a nearfar server",
    });
    const missing = await startHttp((_, response) => void response.writeHead(404).end());
    const { code, message } = await failure(missing);
    expect(code).toBe("UNIMPLEMENTED");
    expect(message).toMatch(/answered 404 without a problem; check that baseUrl/);
  });

  it("about a method that is a stream in the server's definition only", async () => {
    const methods = {
      m: { parameters: [], result: t.stream(t.null()), handler: async function* () {} },
    };
    const { url } = await startServer(defineService({ name: "Ticker", methods }));
    const Ticker = defineService({
      name: "Ticker",
      api: "http",
      methods: { m: { parameters: [], result: t.null() } },
    });
    await using ticker = createClient(Ticker, { baseUrl: url });
    const { code, message } = await failureOf(() => ticker.m());
    expect(code).toBe("UNKNOWN");
    expect(message).toContain(
      `${url} answered 200 with a stream, which a client reads whose definition says so`,
    );
  });

  it("about a server of other services", async () => {
    const Other = defineService({
      name: "Other",
      methods: { m: { parameters: [], result: t.null(), handler: () => null } },
    });
    const { url } = await startServer(Other);
    expect(await failure(url)).toEqual({
      code: "NOT_FOUND",
      message: expect.stringMatching(/unknown service "Work"; known: Other/),
    });
  });

  it("about a proxy that does not reach its server", async () => {
    const url = await startHttp((_, response) => void response.writeHead(502).end("bad gateway"));
    const { code, message } = await failure(url);
    expect(code).toBe("UNAVAILABLE");
    expect(message).toContain(`${url} answered 502 without a problem; a proxy before the server`);
  });
});

describe("TLS", () => {
  let authority: Certificate;
  let server: Certificate;
  let client: Certificate;
  beforeAll(() => {
    authority = makeAuthority("client-test-authority");
    server = sign(authority, "client-test-server", "IP:127.0.0.1");
    client = sign(authority, "client-test-client", "DNS:client");
  });

  it("with an authority of one's own is trusted where it is named", async () => {
    const url = await startTls(server, answering("done"));
    expect(await call(url, { tls: { ca: authority.cert } })).toBe("done");
    const { code, message } = await failure(url);
    expect(code).toBe("UNAVAILABLE");
    expect(message).toMatch(/cannot reach .*; name the authority .* in the option tls\.ca/);
  });

  it("is refused for another host, unless tls.servername names it", async () => {
    const other = sign(authority, "client-test-other", "DNS:other.example");
    const url = await startTls(other, answering("done"));
    const { message } = await failure(url, { tls: { ca: authority.cert } });
    expect(message).toMatch(/certificate is for another host; use its name in baseUrl or in/);
    const tls = { ca: authority.cert, servername: "other.example" };
    expect(await call(url, { tls })).toBe("done");
  });

  it("shows a certificate where the server wants one", async () => {
    const options = { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
    const url = await startTls(options, answering("done"));
    const { cert, key } = client;
    expect(await call(url, { tls: { ca: authority.cert, cert, key } })).toBe("done");
    // The alert may come before the end of the connection or be lost with it.
    const { message } = await failure(url, { tls: { ca: authority.cert } });
    expect(message).toMatch(/does not accept this client's certificate|other side closed/);
  });

  it("and clear text mixed up are told apart", async () => {
    const plain = await startHttp(answering("done"));
    const tls = await failure(plain.replace("http:", "https:"));
    expect(tls.message).toMatch(
      /cannot reach .*; the server seems to speak no TLS there; try http:/,
    );
    const secure = await startTls(server, answering("done"));
    expect((await failure(secure.replace("https:", "http:"))).code).toBe("UNAVAILABLE");
  });

  it("options that cannot be are refused, without showing a key", () => {
    const create = (tls: object) => () => createClient(Work, { baseUrl: "https://a", tls });
    expect(create({ cert: "-----BEGIN secret" })).toThrow(
      "tls.cert and tls.key must be given together",
    );
    expect(create({ ca: 5 })).toThrow("tls.ca must be PEM, as a string or bytes");
    for (const ca of ["./ca.pem", Buffer.from("308201", "hex"), [""]]) {
      expect(create({ ca })).toThrow('tls.ca must be PEM, with a line "-----BEGIN ...", got a ');
    }
    expect(create({ verify: false })).toThrow('tls has no option "verify"');
  });
});
