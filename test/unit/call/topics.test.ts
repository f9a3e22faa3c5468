import { describe, expect, it } from "vitest";
import {
  type AuthorizeTopics,
  createClient,
  ServiceError,
  type TopicMessage,
  type TopicRequest,
  Topics,
  TopicsService,
} from "../../../src/index.js";
import { createServer } from "../../../src/server/index.js";
import { inMemoryTransport } from "../../../src/testing/index.js";
import { closeLater } from "../client/foreign.js";
import { failureOf, startServer } from "../client/servers.js";

async function take(stream: AsyncIterator<TopicMessage>, count: number): Promise<TopicMessage[]> {
  const taken: TopicMessage[] = [];
  while (taken.length < count) {
    const step = await stream.next();
    if (step.done === true) break;
    taken.push(step.value);
  }
  return taken;
}

const values = (messages: readonly TopicMessage[]) => messages.map(({ value }) => value);

describe("patterns", () => {
  const cases: [pattern: string, topic: string, matches: boolean][] = [
    ["orders", "orders", true],
    ["orders.*", "orders.created", true],
    ["orders.*", "orders", false],
    ["orders.*", "orders.eu.created", false],
    ["*.created", "orders.created", true],
    ["orders.>", "orders.eu.created", true],
    ["orders.>", "orders", false],
    [">", "anything.at.all", true],
  ];
  it.each(cases)("%s and %s: %s", async (pattern, topic, matches) => {
    const topics = new Topics({ retain: 10 });
    topics.publish(topic, 1);
    const kept = topics.subscribe(pattern, { after: 0 });
    topics.publish(pattern.replaceAll("*", "x").replace(">", "x"), "last");
    expect(values(await take(kept, 1))).toEqual([matches ? 1 : "last"]);
  });

  it.each(["", "a..b", "a.>.b", "a b", "a*"])("refuses %j", (pattern) => {
    expect(() => new Topics().subscribe(pattern)).toThrow(/^pattern must be up to 256 characters/);
  });

  it("are not for publishers", () => {
    expect(() => new Topics().publish("orders.*", 1)).toThrow(
      /^topic must be up to 256 characters/,
    );
  });
});

describe("a subscriber who is too slow", () => {
  it("misses the oldest messages, and is told", async () => {
    const topics = new Topics();
    const stream = topics.subscribe("a", { queue: 2 });
    for (let i = 1; i <= 5; i++) topics.publish("a", i);
    const messages = await take(stream, 2);
    expect(values(messages)).toEqual([4, 5]);
    topics.publish("a", 6);
    const [next] = await take(stream, 1);
    expect([...messages, next].reduce((sum, message) => sum + (message?.missed ?? 0), 0)).toBe(3);
  });

  it("misses the newest ones, where it says so", async () => {
    const topics = new Topics();
    const stream = topics.subscribe("a", { queue: 2, overflow: "drop-newest" });
    for (let i = 1; i <= 5; i++) topics.publish("a", i);
    expect(values(await take(stream, 2))).toEqual([1, 2]);
    topics.publish("a", 6);
    expect(await take(stream, 1)).toMatchObject([{ value: 6, missed: 3 }]);
  });

  it("fails after what came before, where it says so", async () => {
    const topics = new Topics();
    const stream = topics.subscribe("a", { queue: 1, overflow: "fail" });
    topics.publish("a", 1);
    topics.publish("a", 2);
    expect(values(await take(stream, 1))).toEqual([1]);
    expect((await failureOf(() => stream.next())).code).toBe("RESOURCE_EXHAUSTED");
  });
});

describe("a subscriber who comes back", () => {
  it("gets what was kept after the last message it had", async () => {
    const topics = new Topics({ retain: 3 });
    for (let i = 1; i <= 5; i++) topics.publish("a", i);
    const stream = topics.subscribe("a", { after: 3 });
    topics.publish("a", 6);
    expect(values(await take(stream, 3))).toEqual([4, 5, 6]);
  });

  it("is told where that is not kept", () => {
    const topics = new Topics({ retain: 3 });
    for (let i = 1; i <= 5; i++) topics.publish("a", i);
    expect(() => topics.subscribe("a", { after: 1 })).toThrow(
      "after must be an integer from 2 to 5, got 1",
    );
  });
});

describe("over a service", () => {
  it.each(["near", "in memory", "http", "ws"])("reaches subscribers: %s", async (way) => {
    const topics = new Topics({ retain: 10 });
    const url = async (scheme: string): Promise<string> =>
      (await startServer(topics.service)).url.replace("http:", `${scheme}:`);
    const client = createClient(
      TopicsService,
      way === "near"
        ? { implementation: topics.service }
        : way === "in memory"
          ? { transport: inMemoryTransport([topics.service]) }
          : { baseUrl: await url(way) },
    );
    expect(await client.publish("orders.created", { id: 1 })).toBe(1);
    const stream = client.subscribe("orders.*", { after: 0 });
    expect(await take(stream, 1)).toEqual([
      { topic: "orders.created", seq: 1, value: { id: 1 }, missed: 0 },
    ]);
    topics.publish("orders.paid", { id: 2 });
    expect(await take(stream, 1)).toMatchObject([{ topic: "orders.paid", seq: 2 }]);
    await stream.return?.();
    await client.$close();
  });
});

describe.each(["near", "in memory", "http", "ws"])("authorize, %s,", (way) => {
  async function open(authorize: AuthorizeTopics) {
    const topics = new Topics({ retain: 10, authorize });
    const identify = ({ headers }: { readonly headers: { readonly user?: unknown } }) =>
      typeof headers.user === "string" ? { id: headers.user } : undefined;
    const services = [topics.service];
    const connect = async () => {
      if (way === "near") return { implementation: topics.service };
      if (way === "in memory") return { transport: inMemoryTransport(services, { identify }) };
      const server = createServer({ services, identify, logger: { error: () => undefined } });
      closeLater(() => server.close());
      const { url } = await server.listen();
      return { baseUrl: way === "ws" ? url.replace("http:", "ws:") : url };
    };
    const client = createClient(TopicsService, await connect());
    closeLater(() => client.$close());
    return { topics, client };
  }

  it("lets through what it allows, and refuses the rest with PERMISSION_DENIED", async () => {
    const asked: TopicRequest[] = [];
    const { topics, client } = await open(async (request) => {
      asked.push(request);
      return request.action === "publish"
        ? request.topic === "orders.created"
        : request.pattern === "orders.*";
    });
    expect(await client.publish("orders.created", 1)).toBe(1);
    expect(await failureOf(() => client.publish("users.created", 2))).toMatchObject({
      code: "PERMISSION_DENIED",
      message: "the caller may not publish to this topic",
    });
    // Of this process's own, nobody is asked.
    expect(topics.publish("users.created", 3)).toBe(2);
    const allowed = client.subscribe("orders.*", { after: 0 });
    expect(await take(allowed, 1)).toMatchObject([{ seq: 1 }]);
    await allowed.return?.();
    const refused = client.subscribe(">", { after: 0 });
    expect(await failureOf(() => refused.next())).toMatchObject({
      code: "PERMISSION_DENIED",
      message: "the caller may not subscribe to this pattern",
    });
    expect(asked).toEqual([
      { action: "publish", topic: "orders.created" },
      { action: "publish", topic: "users.created" },
      { action: "subscribe", pattern: "orders.*" },
      { action: "subscribe", pattern: ">" },
    ]);
  });

  it("knows the call, may refuse in words of its own, and allows by true only", async () => {
    const { client } = await open(({ action }, { headers, caller }) => {
      if (action === "subscribe") return "yes" as unknown as boolean;
      if (headers.user === undefined) throw new ServiceError("UNAUTHENTICATED", "who are you?");
      return way === "near" ? caller === undefined : caller?.id === "ada";
    });
    expect(await client.$with({ headers: { user: "ada" } }).publish("a", 1)).toBe(1);
    expect(await failureOf(() => client.publish("a", 2))).toMatchObject({
      code: "UNAUTHENTICATED",
      message: "who are you?",
    });
    const refused = client.subscribe("a");
    expect((await failureOf(() => refused.next())).code).toBe("PERMISSION_DENIED");
  });

  it("is not asked about what is no topic or pattern", async () => {
    const { client } = await open(() => {
      throw new Error("it was asked");
    });
    expect((await failureOf(() => client.publish("a.*", 1))).code).toBe("INVALID_ARGUMENT");
    const bad = client.subscribe("a..b");
    expect((await failureOf(() => bad.next())).code).toBe("INVALID_ARGUMENT");
  });
});

it.each([
  [undefined, "undefined"],
  [() => 1, "a function"],
  [new Map(), "a Map"],
])("a publisher is told of what no subscriber could be given: %s", async (value, got) => {
  const topics = new Topics({ retain: 1 });
  expect(() => topics.publish("a", value)).toThrow(
    `argument 2 (value) must be a JSON value, got ${got}`,
  );
  expect(topics.publish("a", 1)).toBe(1);
  expect(values(await take(topics.subscribe("a", { after: 0 }), 1))).toEqual([1]);
});

it("authorize must be a function", () => {
  expect(() => new Topics({ authorize: "everybody" as never })).toThrow(
    "authorize must be a function, got ",
  );
});
