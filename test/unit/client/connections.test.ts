import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { answering, closeLater, startHttp } from "./foreign.js";
import { failureOf } from "./servers.js";

const Echo = defineService({
  name: "Echo",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string() },
    secret: { parameters: [t.param("x", t.string())], result: t.string(), confidential: true },
  },
});

function clientOf(baseUrl: string, options = {}) {
  const client = createClient(Echo, { baseUrl, retries: 0, ...options });
  closeLater(() => client.$close());
  return client;
}

describe("connections", () => {
  it("over a Unix socket are kept alive and shared", async () => {
    const path = join(tmpdir(), `nearfar-keep-alive-${process.pid}.sock`);
    let connections = 0;
    const server = createServer(answering("x")).on("connection", () => connections++);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    closeLater(() => new Promise((resolve) => server.close(resolve)));
    const client = clientOf(`unix:${path}`);
    for (let call = 0; call < 10; call++) await client.echo("x");
    // undici opens a second one for a call that is made the moment another is answered.
    expect(connections).toBeLessThanOrEqual(2);
    await client.$close();
  });

  it("are not more than maxConnections", async () => {
    let open = 0;
    let most = 0;
    const url = await startHttp((request, response) => {
      open++;
      most = Math.max(most, open);
      setTimeout(() => {
        open--;
        answering("x")(request, response);
      }, 5);
    });
    const client = clientOf(url, { maxConnections: 3 });
    await Promise.all(Array.from({ length: 20 }, () => client.echo("x")));
    expect(most).toBe(3);
  });
});

/** Answers with what it was sent, compressed, and remembers how it came. */
async function startCompressing(answer?: Buffer): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const url = await startHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { "content-encoding": encoding, "accept-encoding": accepted } = request.headers;
      seen.push(`${encoding ?? "plain"}, wants ${accepted ?? "plain"}`);
      const body = Buffer.concat(chunks);
      const [text] = JSON.parse(String(encoding === "gzip" ? gunzipSync(body) : body)) as [string];
      const isWanted = accepted === "gzip";
      const plain = JSON.stringify(text);
      response.setHeader("content-type", "application/json");
      if (isWanted) response.setHeader("content-encoding", "gzip");
      response.end(answer ?? (isWanted ? gzipSync(plain) : plain));
    });
  });
  return { url, seen };
}

describe("compression", () => {
  it("of requests above a size, and of any answer", async () => {
    const { url, seen } = await startCompressing();
    const client = clientOf(url, { compressAboveBytes: 1000 });
    const long = "ü".repeat(600);
    expect(await client.echo("short")).toBe("short");
    expect(await client.echo(long)).toBe(long);
    expect(seen).toEqual(["plain, wants gzip", "gzip, wants gzip"]);
  });

  it("is not asked for without the option, nor where there is a secret", async () => {
    const { url, seen } = await startCompressing();
    await clientOf(url).echo("x".repeat(5000));
    await clientOf(url, { compressAboveBytes: 0 }).secret("x".repeat(5000));
    expect(seen).toEqual(["plain, wants plain", "plain, wants plain"]);
  });

  it("of an answer that would fill the memory ends the call", async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024));
    const { url } = await startCompressing(bomb);
    const failure = await failureOf(() => clientOf(url, { compressAboveBytes: 0 }).echo("x"));
    expect(failure.code).toBe("RESOURCE_EXHAUSTED");
    expect(failure.message).toContain("is larger than 67108864 bytes");
  });

  it("that is broken is told", async () => {
    const { url } = await startCompressing(Buffer.from("no gzip"));
    const failure = await failureOf(() => clientOf(url, { compressAboveBytes: 0 }).echo("x"));
    expect(failure).toEqual({ code: "UNKNOWN", message: expect.stringContaining("not gzip") });
  });
});
