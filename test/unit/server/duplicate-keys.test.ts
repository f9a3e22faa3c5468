import fc from "fast-check";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createServer, type Server } from "../../../src/server/index.js";
import { loadCbor } from "../../../src/service/cbor/cbor.js";
import { Target } from "./target.js";

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer({ services: [Target] });
  ({ url } = await server.listen());
});
afterAll(() => server.close());

async function post(body: string | Uint8Array, method = "echo", type = "application/json") {
  const headers = { "content-type": type };
  const options = { method: "POST", headers, body } as const;
  const response = await request(`${url}/api/Target/${method}`, options);
  const text = await response.body.text();
  const { statusCode: status } = response;
  if (status === 200) return { status };
  const { code, detail } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return { status, code, detail };
}

const refusal = (path: string) => ({
  status: 400,
  code: "INVALID_ARGUMENT",
  detail: `body must have the key ${path} only once`,
});

describe("a key that an object has twice", () => {
  it.each([
    ['[{"a": 1, "a": 2}]', "[0].a"],
    ['{"x": 1, "x": 2}', ".x"],
    ['[[0, {"a": {"b": [{}, {"c": 1, "d": 2, "c": 1}]}}]]', "[0][1].a.b[1].c"],
    ['[{"a": 1, "\\u0061": 2}]', "[0].a"],
    ['[{"a b": 1, "a b": 2}]', '[0]["a b"]'],
    ['[{"": 1, "": 2}]', '[0][""]'],
    ['[{"1": 1, "1": 2}]', '[0]["1"]'],
    ['[{"a\\\\":1,"a\\\\":2}]', '[0]["a\\\\"]'],
    ['[{"a" :1,"a"\n:2}]', "[0].a"],
    ['[{"a":":x","a":2}]', "[0].a"],
    // As many look-alikes of members as keys are lost, and the other way round.
    ['[{"a":1,"b":" : \\":"}, {"c":1,"c":2}]', "[1].c"],
    [`[{"${"k".repeat(500)}":1,"${"k".repeat(500)}":2}]`, `[0]["${"k".repeat(64)}"]`],
    [`${"[".repeat(400)}{"a":1,"a":1}${"]".repeat(400)}`, `${"[0]".repeat(66)}[0...`],
  ])("is refused by its path: %s", async (body, path) => {
    expect(await post(body)).toEqual(refusal(path));
  });

  it.each([
    '[{"a": {"a": {"a": 1}}}]',
    '[[{"a": 1}, {"a": 1}, [{"a": 1}]]]',
    '[{"a": ":a", "b": "\\":\\":", "c": "{\\"a\\":1,\\"a\\":2}", "at": "12:30:00 : x"}]',
    '["\\"a\\":1,\\"a\\":2"]',
    '[{"a" : 1 , "A" : 2 , "\\\\\\"" : 3}]',
  ])("is not what looks like it: %s", async (body) => {
    expect((await post(body)).status).toBe(200);
  });

  it("is none of many objects that have the same keys", async () => {
    expect((await post(`[[${'{"a":1,"b":{}},'.repeat(5_000)}0]]`)).status).toBe(200);
  });

  it("is found where every object has an inherited property", async () => {
    Object.defineProperty(Object.prototype, "inherited", {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      const headers = { "content-type": "application/json" };
      const call = { method: "POST", url: "/api/Target/echo", headers } as const;
      const twice = await server.app.inject({ ...call, payload: '[{"a":1,"a":2,"b":3}]' });
      const once = await server.app.inject({ ...call, payload: '[{"a":1,"b":3}]' });
      expect([twice.statusCode, once.statusCode]).toEqual([400, 200]);
    } finally {
      Reflect.deleteProperty(Object.prototype, "inherited");
    }
  });

  it("is found in any JSON text, and nowhere else", async () => {
    await fc.assert(
      fc.asyncProperty(texts, async ({ text, hasTwice }) => {
        expect({ text, isRefused: (await post(`[${text}]`)).status === 400 }).toEqual({
          text,
          isRefused: hasTwice,
        });
      }),
      { numRuns: 300 },
    );
  });

  it("is refused in CBOR, in maps within maps too", async () => {
    expect(await loadCbor()).toBeDefined();
    const type = "application/cbor";
    // [{"b": {"a": 1, "a": 2}}], and the same with another second key.
    const twice = Buffer.from("81a16162a2616101616102", "hex");
    const once = Buffer.from("81a16162a2616101616302", "hex");
    expect(await post(twice, "echo", type)).toEqual({
      status: 400,
      code: "INVALID_ARGUMENT",
      detail: "body must be valid CBOR",
    });
    expect((await post(once, "echo", type)).status).toBe(200);
  });

  it("is refused in the lines of a stream", async () => {
    const first = '{"args":[],"args":[]}\n';
    const item = '{"args":[]}\n{"seq":1,"item":{"a":1,"a":2}}\n{"seq":2,"end":true}\n';
    for (const [body, path] of [
      [first, ".args"],
      [item, ".item.a"],
    ] as const) {
      expect(await post(body, "count", "application/x-ndjson")).toEqual({
        status: 400,
        code: "INVALID_ARGUMENT",
        detail: `a line of the body must have the key ${path} only once`,
      });
    }
  });

  it("ends a WebSocket", async () => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api`, "nearfar.v1");
    socket.on("open", () => {
      socket.send(
        '{"type":"call","id":1,"service":"Target","method":"echo","args":[{"a":1,"a":2}]}',
      );
    });
    const closed = await new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
    expect(closed).toEqual({ code: 1008, reason: "a message must be without equal keys" });
  });

  it("is refused in a query, as a name and within a value", async () => {
    const get = async (query: string) => {
      const response = await request(`${url}/api/Target/values?${query}`);
      return { status: response.statusCode, text: await response.body.text() };
    };
    expect((await get("x=1&x=2")).status).toBe(400);
    expect((await get("x=1&x=2")).text).toContain('the query must have \\"x\\" only once');
    // What cannot be told as one value is text.
    const values = await get(`x=${encodeURIComponent('{"a":1,"a":2}')}`);
    expect(values.text).toContain('{"seq":1,"item":"{\\"a\\":1,\\"a\\":2}"}');
  });
});

interface Text {
  readonly text: string;
  readonly hasTwice: boolean;
}

const spaces = fc.constantFrom("", "", " ", "\n\t");
const words = fc.constantFrom("a", "b", ":", '":', " :", "\\", '\\":', "{", '"a":1', "é");
/** A string in one of its spellings. */
const strings = fc.tuple(words, fc.boolean()).map(([word, isEscaped]) => {
  const plain = JSON.stringify(word);
  const code = word.charCodeAt(0).toString(16).padStart(4, "0");
  const text = isEscaped && word.length === 1 ? `"\\u${code}"` : plain;
  return { word, text };
});

/** JSON texts of which it is known, by how they are made, whether an object has a key twice. */
const { value: texts } = fc.letrec<{ value: Text }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      strings.map(({ text }) => ({ text, hasTwice: false })),
      fc.constantFrom("1", "null", "true").map((text) => ({ text, hasTwice: false })),
    ),
    fc.tuple(fc.array(tie("value"), { maxLength: 3 }), spaces).map(([items, space]) => ({
      text: `[${items.map(({ text }) => text).join(`${space},`)}]`,
      hasTwice: items.some(({ hasTwice }) => hasTwice),
    })),
    fc.array(fc.tuple(strings, spaces, tie("value")), { maxLength: 4 }).map((members) => ({
      text: `{${members.map(([{ text }, space, item]) => `${space}${text}${space}:${item.text}`).join(",")}}`,
      hasTwice:
        new Set(members.map(([{ word }]) => word)).size < members.length ||
        members.some(([, , { hasTwice }]) => hasTwice),
    })),
  ),
}));
