import { describe, expect, it } from "vitest";
import {
  compareServices,
  createClient,
  defineService,
  definitionOf,
  method,
  ServiceError,
  t,
} from "../../../src/index.js";

type Options = Parameters<typeof defineService>[0]["methods"][string];

function define(options: object) {
  return defineService({ name: "S", methods: { m: options as Options } }).definition.methods.m;
}

const word = t.param("word", t.string());
const words = t.param("words", t.stream(t.string()));

describe("a definition with streams", () => {
  it("says who streams, and what", () => {
    expect(define({ parameters: [word], result: t.stream(t.uint8()) })).toMatchObject({
      stream: "server",
      parameters: [{ name: "word" }],
      result: t.uint8(),
    });
    expect(define({ parameters: [word, words], result: t.null() })).toMatchObject({
      stream: "client",
      parameters: [{ name: "word" }],
      items: { name: "words", schema: t.string() },
    });
    expect(define({ parameters: [words], result: t.stream(t.null()) })).toMatchObject({
      stream: "bidirectional",
    });
    expect(define({ parameters: [word], result: t.null() })).not.toHaveProperty("stream");
  });

  const refused: [options: object, message: string][] = [
    [
      { parameters: [words, word], result: t.null() },
      "parameter 1 of S.m is a stream and must be the last parameter",
    ],
    [
      { parameters: [t.param("a", t.optional(t.string())), words], result: t.null() },
      "parameter 2 of S.m is a stream; no parameter before it may be optional",
    ],
    [
      { parameters: [t.param("words", t.string()), words], result: t.null() },
      'parameter 2 of S.m is a second "words"',
    ],
    [
      { parameters: [word], result: t.null(), resumable: true },
      "resumable of S.m needs a result of t.stream, and no other stream",
    ],
    [
      { native: { library: "x", declaration: "int f(int)" }, result: t.stream(t.uint8()) },
      "S.m has a stream, which no native function gives or takes",
    ],
    [
      { parameters: [word], result: t.array(t.stream(t.uint8()) as never) },
      'schema must be made with t, got {"stream":{"type":"integer"',
    ],
  ];
  it.each(refused)("is refused: %j", (options, message) => {
    expect(() => define(options)).toThrow(message);
  });

  it("is the same by decorators", () => {
    class S {
      @method({
        parameters: [t.param("n", t.uint8())],
        result: t.stream(t.uint8()),
        resumable: true,
      })
      async *count(n: number): AsyncGenerator<number> {
        yield n;
      }
      @method({ parameters: [words], result: t.uint32() })
      async length(given: AsyncIterable<string>): Promise<number> {
        let length = 0;
        for await (const each of given) length += each.length;
        return length;
      }
    }
    const { count, length } = definitionOf(S).methods;
    expect(count).toMatchObject({ stream: "server", resumable: true });
    expect(length).toMatchObject({ stream: "client", items: { name: "words" } });
  });

  it("is not compatible with one that streams otherwise", () => {
    const version = (result: object) =>
      defineService({ name: "S", methods: { m: { parameters: [word], result } as Options } });
    const { changes, needs } = compareServices(
      version(t.uint8()).definition,
      version(t.stream(t.uint8())).definition,
    );
    expect(needs).toBe("major");
    expect(changes[0]?.message).toBe("was a single call, is a server stream");
  });
});

describe("an implementation", () => {
  const Shop = defineService({
    name: "Shop",
    methods: {
      price: {
        parameters: [t.param("item", t.string())],
        result: t.number(),
        handler: (item) => {
          if (item === "none") throw new ServiceError("NOT_FOUND", "no such item");
          return item.length;
        },
      },
      remote: { api: "http", parameters: [], result: t.null(), handler: () => null },
    },
  });

  it("answers near what may run near", async () => {
    const client = createClient(Shop, { implementation: Shop, baseUrl: "http://127.0.0.1:1" });
    expect(client.$routes.price).toMatchObject({
      route: "near",
      reason: "handler in this process",
    });
    expect(client.$routes.remote.route).toBe("far");
    expect(await client.price("tea")).toBe(3);
    await expect(client.price("none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await client.$close();
  });

  it("is not taken from the source by itself", () => {
    const client = createClient(Shop, { baseUrl: "http://127.0.0.1:1" });
    expect(client.$routes.price.route).toBe("far");
  });

  it("must be one of the same service", () => {
    const Other = defineService({
      name: "Other",
      methods: { m: { parameters: [], result: t.null() } },
    });
    expect(() => createClient(Shop, { implementation: Other })).toThrow(
      "implementation must be one of Shop, got one of Other",
    );
  });
});
