import { gunzipSync, gzipSync } from "node:zlib";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";

const LIMIT = 100_000;

const Work = defineService({
  name: "Work",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.string())], result: t.string(), handler: (x) => x },
    secret: {
      parameters: [t.param("x", t.string())],
      result: t.string(),
      handler: (x) => x,
      confidential: true,
    },
    count: {
      parameters: [t.param("data", t.bytes())],
      result: t.integer(),
      upload: async (body) => {
        let bytes = 0;
        for await (const chunk of body) bytes += chunk.length;
        return bytes;
      },
    },
  },
});

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer({ services: [Work], compressAboveBytes: 1000, bodyLimitBytes: LIMIT });
  ({ url } = await server.listen());
});
afterAll(() => server.close());

async function post(method: string, body: string | Uint8Array, headers: Record<string, string>) {
  const response = await request(`${url}/api/Work/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  return { status: response.statusCode, headers: response.headers, bytes };
}

const gzip = { "content-encoding": "gzip" };
const long = "ä".repeat(2000);

describe("compression", () => {
  it("of requests and answers, by a client of ours", async () => {
    await using client = createClient(Work, { baseUrl: url, compressAboveBytes: 500 });
    expect(await client.echo(long)).toBe(long);
    expect(await client.echo("short")).toBe("short");
  });

  it("of answers above a size, for callers that take it", async () => {
    const accepted = await post("echo", JSON.stringify([long]), { "accept-encoding": "br, gzip" });
    expect(accepted.headers["content-encoding"]).toBe("gzip");
    expect(accepted.headers.vary).toBe("accept-encoding");
    expect(JSON.parse(gunzipSync(accepted.bytes).toString())).toBe(long);
    for (const encodings of ["br", "gzip;q=0", "identity"]) {
      const plain = await post("echo", JSON.stringify([long]), { "accept-encoding": encodings });
      expect(plain.headers["content-encoding"]).toBeUndefined();
    }
    const short = await post("echo", '["x"]', { "accept-encoding": "gzip" });
    expect(short.headers["content-encoding"]).toBeUndefined();
  });

  it("never of answers that are secret", async () => {
    const secret = await post("secret", JSON.stringify([long]), { "accept-encoding": "gzip" });
    expect(secret.headers["content-encoding"]).toBeUndefined();
  });

  it("cannot pass the limit of bodies by what it unpacks to", async () => {
    const bomb = gzipSync(`["${"x".repeat(50 * LIMIT)}"]`);
    expect(bomb.length).toBeLessThan(LIMIT);
    const { status, bytes } = await post("echo", bomb, gzip);
    expect(status).toBe(413);
    expect(bytes.toString()).toContain(`body must be at most ${LIMIT} bytes`);
  });

  it("that is broken, unknown, or of a body that is handed on is refused", async () => {
    const broken = await post("echo", "no gzip at all", gzip);
    expect(broken.status).toBe(400);
    expect(broken.bytes.toString()).toContain("body must be gzip, as content-encoding says");
    const cut = await post("echo", gzipSync('["x"]').subarray(0, 15), gzip);
    expect(cut.status).toBe(400);
    const unknown = await post("echo", "x", { "content-encoding": "br" });
    expect(unknown.status).toBe(415);
    expect(unknown.headers["accept-encoding"]).toBe("gzip");
    expect(unknown.bytes.toString()).toContain("content-encoding must be gzip");
    const raw = { ...gzip, "content-type": "application/octet-stream" };
    expect((await post("count", gzipSync("x"), raw)).status).toBe(415);
  });
});
