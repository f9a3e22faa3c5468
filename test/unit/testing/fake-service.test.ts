import { describe, expect, it } from "vitest";
import { createClient, defineService, t, validate } from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { fakeService, inMemoryTransport } from "../../../src/testing/index.js";

const order = t.object({ id: t.int64(), note: t.optional(t.string()) });
const Shop = defineService({
  name: "Shop",
  methods: {
    order: { parameters: [t.param("id", t.int64())], result: order },
    watch: { parameters: [], result: t.stream(order) },
    upload: { parameters: [t.param("parts", t.stream(t.bytes()))], result: t.uint8() },
    chat: {
      parameters: [t.param("room", t.string()), t.param("lines", t.stream(t.string()))],
      result: t.stream(t.string()),
    },
    cos: { native: { library: "libm.so.6", declaration: "double cos(double x)" }, api: "ffi" },
    code: { parameters: [], result: t.string({ pattern: "^x{40}$" }) },
  },
});

const clientOf = (fake: { readonly service: typeof Shop }) =>
  createClient(fake.service, { transport: inMemoryTransport([fake.service]), mode: "http" });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("a fake service", () => {
  it("answers with values that fit, the same for the same seed", async () => {
    const answers = async (seed: number) => {
      const client = clientOf(fakeService(Shop, { seed }));
      return [await client.order(1), await client.order(2), await all(client.watch())];
    };
    const [first, second, stream] = await answers(7);
    for (const value of [first, second, ...(stream as unknown[])]) {
      expect(validate(order, value)).toEqual([]);
    }
    expect(stream).toHaveLength(3);
    expect(await answers(7)).toEqual([first, second, stream]);
    expect(await answers(8)).not.toEqual([first, second, stream]);
  });

  it("records its calls, with the items of streams", async () => {
    const fake = fakeService(Shop, { streamLength: 1 });
    const client = clientOf(fake);
    await client.order(5);
    expect(await client.upload([new Uint8Array([1]), new Uint8Array([2, 3])])).toBeLessThan(256);
    expect(await all(client.chat("hall", ["a", "b"]))).toHaveLength(1);
    expect(fake.calls).toEqual([
      { method: "order", args: [5n] },
      { method: "upload", args: [[new Uint8Array([1]), new Uint8Array([2, 3])]] },
      { method: "chat", args: ["hall", ["a", "b"]] },
    ]);
    expect(fake.callsOf("chat")).toEqual([{ method: "chat", args: ["hall", ["a", "b"]] }]);
    const [first] = [await client.order(1)];
    fake.reset();
    expect(fake.calls).toEqual([]);
    expect(await client.order(1)).toEqual(await clientOf(fakeService(Shop)).order(1));
    expect(first).toBeDefined();
  });

  it("answers with the handlers that it is given", async () => {
    const fake = fakeService(Shop, { handlers: { order: (id) => ({ id: BigInt(id) * 2n }) } });
    expect(await clientOf(fake).order(21)).toEqual({ id: 42n });
    expect(fake.callsOf("order")).toEqual([{ method: "order", args: [21n] }]);
  });

  it("has nothing native, and can be served", async () => {
    const fake = fakeService(Shop);
    const server = createServer({ services: [fake.service] });
    const { url } = await server.listen();
    await using client = createClient(fake.service, { baseUrl: url, mode: "http" });
    expect(client.$routes.cos.route).toBe("far");
    expect(typeof (await client.cos(0))).toBe("number");
    expect(fake.calls).toEqual([{ method: "cos", args: [0] }]);
    await server.close();
  });

  it("says which result needs an example", async () => {
    await expect(clientOf(fakeService(Shop)).code()).rejects.toThrow(
      "no value was found for the result of Shop.code: give it examples or a default",
    );
  });

  it("refuses options and handlers that are none", () => {
    expect(() => fakeService(Shop, { sed: 1 } as object)).toThrow(
      'fakeService options has no option "sed"; known: seed, handlers, streamLength',
    );
    expect(() => fakeService(Shop, { streamLength: -1 })).toThrow(
      "streamLength must be an integer",
    );
    expect(() => fakeService(Shop, { handlers: { odrer: () => 1 } as object })).toThrow(
      'Shop has no method "odrer"; known: order, ',
    );
  });
});
