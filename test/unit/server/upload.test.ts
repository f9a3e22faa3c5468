import { createHash } from "node:crypto";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { defineService, ServiceError, t } from "../../../src/index.js";
import { createServer, type Server, type ServerOptions } from "../../../src/server/index.js";

const outcomes: string[] = [];
let begun = 0;
const Store = defineService({
  name: "Store",
  methods: {
    digest: {
      parameters: [
        t.param("data", t.data()),
        t.param("algorithm", t.optional(t.string())),
        t.param("rounds", t.optional(t.uint8())),
      ],
      result: t.string(),
      handler: () => "not streamed",
      upload: async (body, algorithm = "sha256", rounds = 1) => {
        const hash = createHash(algorithm);
        let chunks = 0;
        try {
          for await (const chunk of body) {
            begun++;
            hash.update(chunk);
            chunks++;
          }
        } catch (error) {
          outcomes.push((error as Error).message);
          throw error;
        }
        outcomes.push(`${chunks > 1 ? "many" : chunks} chunks, ${rounds} rounds`);
        return hash.digest("hex");
      },
    },
    refuse: {
      parameters: [t.param("data", t.data())],
      result: t.null(),
      upload: async () => {
        throw new ServiceError("PERMISSION_DENIED", "not today");
      },
    },
    plain: { parameters: [t.param("data", t.data())], result: t.null(), handler: () => null },
  },
});

const servers: Server[] = [];
afterEach(async () => {
  outcomes.length = 0;
  begun = 0;
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(options: Partial<ServerOptions> = {}): Promise<string> {
  const server = createServer({ services: [Store], ...options });
  servers.push(server);
  return (await server.listen()).url;
}

async function upload(url: string, path: string, body: Buffer | Readable) {
  const isStream = body instanceof Readable;
  const response = await fetch(`${url}/api/Store/${path}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: isStream ? (Readable.toWeb(body) as ReadableStream) : new Uint8Array(body),
    duplex: "half",
  } as RequestInit);
  return { status: response.status, body: (await response.json()) as unknown };
}

const sha = (algorithm: string, data: Buffer): string =>
  createHash(algorithm).update(data).digest("hex");

describe("a raw body", () => {
  it("is handed on as it arrives, however large it is", async () => {
    const url = await serve({ bodyLimitBytes: 1024 });
    const data = Buffer.alloc(3_000_000, "nearfar");
    expect(await upload(url, "digest", data)).toEqual({ status: 200, body: sha("sha256", data) });
    expect(outcomes).toEqual(["many chunks, 1 rounds"]);
  });

  it("may come in chunks of unknown number, and be empty", async () => {
    const url = await serve();
    const pieces = Array.from({ length: 50 }, (_, index) => Buffer.alloc(1000, index));
    expect(await upload(url, "digest", Readable.from(pieces))).toEqual({
      status: 200,
      body: sha("sha256", Buffer.concat(pieces)),
    });
    expect(await upload(url, "digest", Buffer.alloc(0))).toEqual({
      status: 200,
      body: sha("sha256", Buffer.alloc(0)),
    });
  });

  it("takes the other arguments from the query", async () => {
    const url = await serve();
    const data = Buffer.from("data");
    const { body } = await upload(url, "digest?algorithm=sha512&rounds=3", data);
    expect(body).toBe(sha("sha512", data));
    expect(outcomes).toEqual(["1 chunks, 3 rounds"]);
  });

  it.each([
    ["an argument of another type", "digest?rounds=many", /argument 3 \(rounds\)/],
    ["an argument out of range", "digest?rounds=256", /argument 3 \(rounds\)/],
    ["an unknown argument", "digest?round=1", /round/],
    ["the argument that it stands for", "digest?data=x", /the query must not name it/],
  ])("is refused with %s", async (_title, path, detail) => {
    const { status, body } = await upload(await serve(), path, Buffer.from("data"));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: expect.stringMatching(detail) as string,
    });
    expect(outcomes).toEqual([]);
  });

  it("is refused where the method takes none", async () => {
    const { status, body } = await upload(await serve(), "plain", Buffer.from("data"));
    expect(status).toBe(415);
    expect(body).toMatchObject({ detail: "content-type must be application/json" });
  });

  it("is refused above the limit, whether it says its length or not", async () => {
    const url = await serve({ uploadLimitBytes: 1000 });
    const problem = { code: "RESOURCE_EXHAUSTED", detail: "body must be at most 1000 bytes" };
    const known = await upload(url, "digest", Buffer.alloc(1001));
    expect(known).toMatchObject({ status: 413, body: problem });
    expect(outcomes).toEqual([]);
    const unknown = await upload(
      url,
      "digest",
      Readable.from([Buffer.alloc(999), Buffer.alloc(2)]),
    );
    expect(unknown).toMatchObject({ status: 413, body: problem });
    expect(outcomes).toEqual(["body must be at most 1000 bytes"]);
    expect((await upload(url, "digest", Buffer.alloc(1000))).status).toBe(200);
  });

  it("may be refused by the handler before it is read", async () => {
    const { status } = await upload(await serve(), "refuse", Buffer.alloc(200_000));
    expect(status).toBe(403);
  });

  it("that breaks off ends the handler's loop with an error", async () => {
    const url = new URL(await serve());
    const socket = connect(Number(url.port), url.hostname);
    socket.write(
      "POST /api/Store/digest HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n" +
        "content-length: 100\r\n\r\nhalf",
    );
    await expect.poll(() => begun, { timeout: 30_000 }).toBe(1);
    socket.destroy();
    await expect.poll(() => outcomes, { timeout: 30_000 }).toEqual(["the caller is gone"]);
  });

  it("does not replace JSON", async () => {
    const response = await fetch(`${await serve()}/api/Store/digest`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '["data"]',
    });
    expect(await response.json()).toBe("not streamed");
  });
});

describe("an upload in a definition", () => {
  it("needs a parameter to stand for, and is a function", () => {
    const method = { parameters: [], result: t.null() };
    const upload = async (): Promise<null> => null;
    expect(() => defineService({ name: "Bad", methods: { m: { ...method, upload } } })).toThrow(
      "upload of Bad.m needs a first parameter, for which the body stands",
    );
    const wrong = { parameters: [t.param("data", t.data())], result: t.null(), upload: 5 as never };
    expect(() => defineService({ name: "Bad", methods: { m: wrong } })).toThrow(
      "upload of Bad.m must be a function, got 5",
    );
  });
});
