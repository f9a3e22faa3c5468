import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient, Topics, TopicsService } from "../../../src/index.js";
import { inMemoryTransport } from "../../../src/testing/index.js";
import { failureOf } from "../client/servers.js";
import { SHAPES } from "./service.js";
import { type Connection, WAYS } from "./ways.js";

const LIMIT = "must not be nested deeper than 500 levels";
const tooDeep = (place: string): { code: string; message: string } => ({
  code: "INVALID_ARGUMENT",
  message: `${place}... ${LIMIT}`,
});

describe.each(WAYS)("values in one another, $name", ({ connect }) => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect();
  });
  afterEach(() => connection.close());

  it("travel down to the limit, alone, in a batch and as items", async () => {
    const { client } = connection;
    const deepest = SHAPES.deepest();
    for (let call = 0; call < 3; call++) expect(await client.tree(deepest)).toEqual(deepest);
    expect(await client.anything(deepest)).toEqual(deepest);
    expect(await itemsOf(client.trees([deepest]))).toEqual([deepest]);
    expect(await itemsOf(client.growAll("deepest"))).toEqual([deepest]);
    const outcomes = await client.$batch((calls) => [calls.tree(deepest), calls.anything(deepest)]);
    const fulfilled = { status: "fulfilled", value: deepest };
    expect(outcomes).toEqual([fulfilled, fulfilled]);
  });

  it("are refused as arguments beyond it, and where they contain themselves", async () => {
    const { client } = connection;
    const chain = tooDeep("argument 1 (tree).child.child.child");
    const loop = tooDeep("argument 1 (tree).children[0].children");
    expect(await failureOf(() => client.tree(SHAPES.tooDeep()))).toEqual(chain);
    expect(await failureOf(() => client.tree(SHAPES.endless()))).toEqual(loop);
    const array: unknown[] = [];
    array.push(array);
    const any = tooDeep("argument 1 (value)[0][0][0]");
    expect(await failureOf(() => client.anything(array))).toEqual(any);
  });

  it("are refused as items", async () => {
    const { client } = connection;
    const trees = [SHAPES.shallow(), SHAPES.endless()];
    const failure = await failureOf(() => itemsOf(client.trees(trees)));
    expect(failure).toEqual(tooDeep("item 2 (trees).children[0].children"));
  });

  it.each(["tooDeep", "endless"] as const)("are refused as results: %s", async (shape) => {
    const { client } = connection;
    for (const call of [() => client.grow(shape), () => itemsOf(client.growAll(shape))]) {
      const { code, message } = await failureOf(call);
      expect(code).toBe("INTERNAL");
      expect(message).toMatch(
        /^result[.[].{10,40}\.\.\. must not be nested deeper than 500 levels$/,
      );
    }
    // And nobody else suffers from it.
    expect(await client.grow("shallow")).toEqual(SHAPES.shallow());
  });
});

it("messages hold values as deep as those that were published", async () => {
  const topics = new Topics({ retain: 1 });
  const transport = inMemoryTransport([topics.service]);
  await using client = createClient(TopicsService, { transport });
  await client.publish("trees", SHAPES.deepest());
  for await (const { value } of client.subscribe("trees", { after: 0 })) {
    expect(value).toEqual(SHAPES.deepest());
    break;
  }
  await transport.close();
});

async function itemsOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
