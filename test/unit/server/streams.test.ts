import { describe, expect, it } from "vitest";
import { defineService, ServiceError, t } from "../../../src/index.js";
import { callContext } from "../../../src/server/index.js";
import { startServer } from "../client/servers.js";

const Streams = defineService({
  name: "Streams",
  methods: {
    count: {
      parameters: [t.param("n", t.uint32())],
      result: t.stream(t.uint32()),
      idempotent: true,
      resumable: true,
      handler: async function* (n) {
        if (n === 13) throw new ServiceError("OUT_OF_RANGE", "13 is not counted to");
        for (let i = (callContext().resumeAfter ?? 0) + 1; i <= n; i++) {
          if (i === 10) throw new ServiceError("ABORTED", "ten");
          yield i;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      },
    },
    drop: {
      parameters: [],
      result: t.stream(t.null()),
      handler: async function* () {
        yield null;
      },
    },
    join: {
      parameters: [t.param("by", t.string()), t.param("words", t.stream(t.string()))],
      result: t.string(),
      handler: async (by, words) => {
        const all: string[] = [];
        for await (const word of words) all.push(word);
        return all.join(by);
      },
    },
  },
});

async function request(path: string, init: RequestInit): Promise<Response> {
  const { url } = await startServer(Streams);
  return fetch(`${url}/api/Streams/${path}`, init);
}

function post(body: string, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
}

describe("a stream as lines of JSON", () => {
  it("numbers its items and ends with a line of its own", async () => {
    const response = await request("count", post("[2]"));
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(await response.text()).toBe(
      '{"seq":1,"item":1}\n{"seq":2,"item":2}\n{"seq":3,"end":true}\n',
    );
  });

  it("ends with an error where the handler does", async () => {
    const lines = (await (await request("count", post("[20]"))).text()).trim().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('{"seq":10,"error":{"code":"ABORTED","detail":"ten"}}');
  });

  it("that fails at once is a problem with a status", async () => {
    const response = await request("count", post("[13]"));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "OUT_OF_RANGE",
      detail: "13 is not counted to",
    });
    expect((await request("count", post('["x"]'))).status).toBe(400);
  });

  it("goes on after the item that the caller names", async () => {
    const response = await request("count", post("[3]", { "last-event-id": "2" }));
    expect(await response.text()).toBe('{"seq":3,"item":3}\n{"seq":4,"end":true}\n');
    const bad = await request("count", post("[3]", { "last-event-id": "two" }));
    expect(bad.status).toBe(400);
  });
});

describe("a stream as server-sent events", () => {
  const accept = "text/event-stream";
  it("has the number of an item as its id", async () => {
    const response = await request("count", post("[2]", { accept }));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe(
      "id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nid: 2\nevent: end\ndata: {}\n\n",
    );
  });

  it("can be asked for as EventSource does, where the method is idempotent", async () => {
    const headers = { accept, "last-event-id": "8" };
    const response = await request("count?n=12", { headers });
    expect(await response.text()).toBe(
      'id: 9\ndata: 9\n\nid: 9\nevent: error\ndata: {"code":"ABORTED","detail":"ten"}\n\n',
    );
    expect((await request("drop", { headers: { accept } })).status).toBe(405);
  });
});

describe("a stream of the caller's", () => {
  const lines = (...frames: unknown[]): string =>
    frames
      .map((frame) => `${typeof frame === "string" ? frame : JSON.stringify(frame)}\n`)
      .join("");
  const upload = (body: string): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body,
  });

  it("is lines of JSON after one with the arguments", async () => {
    const body = lines(
      { args: ["-"] },
      { seq: 1, item: "a" },
      { seq: 2, item: "b" },
      { seq: 3, end: true },
    );
    expect(await (await request("join", upload(body))).json()).toBe("a-b");
  });

  const refused: [name: string, body: string, detail: RegExp][] = [
    ["without arguments", lines({ seq: 1, item: "a" }), /first line of the body must be/],
    ["with nothing", "", /first line of the body must be/],
    ["with broken JSON", lines({ args: ["-"] }, "{"), /valid JSON in UTF-8/],
    ["with a poisoned key", lines({ args: ["-"] }, '{"__proto__":1}'), /valid JSON in UTF-8/],
    ["with a line that is no object", lines({ args: ["-"] }, "5"), /a line must be a JSON object/],
    [
      "with a gap",
      lines({ args: ["-"] }, { seq: 2, item: "a" }),
      /item 1 of the stream is missing/,
    ],
    ["that breaks off", lines({ args: ["-"] }, { seq: 1, item: "a" }), /broke off/],
    [
      "of another type",
      lines({ args: ["-"] }, { seq: 1, item: 5 }),
      /item 1 \(words\) must be a string, got 5/,
    ],
  ];
  it.each(refused)("is refused %s", async (_, body, detail) => {
    const response = await request("join", upload(body));
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.json()).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  it("is refused as one value, and one value as a stream", async () => {
    const single = await request("join", post('["-"]'));
    expect(single.status).toBe(415);
    expect(await single.json()).toMatchObject({
      detail: "Streams.join takes a stream: content-type must be application/x-ndjson",
    });
    expect((await request("count", upload(lines({ args: [2] })))).status).toBe(415);
  });
});
