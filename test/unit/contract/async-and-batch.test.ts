import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf } from "../client/servers.js";
import { type Connection, WAYS } from "./ways.js";

describe.each(WAYS)("a call that nobody waits for, $name", ({ connect }) => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect();
  });
  afterEach(() => connection.close());

  it("has a status and, in the end, a result", async () => {
    const handle = await connection.client.$async.add("a", 500);
    expect(await handle.status()).toBe("IN_PROGRESS");
    expect(await handle.result()).toBe("a 1");
    expect(await handle.status()).toBe("OK");
    expect(await handle.result()).toBe("a 1");
    expect(await handle.cancel()).toBe(false);
  });

  it("decodes its result", async () => {
    expect(await (await connection.client.$async.twice(4n)).result()).toBe(8n);
  });

  it("waits as long as it is told, and the call goes on", async () => {
    const handle = await connection.client.$async.add("b", 300);
    expect(await failureOf(() => handle.result({ waitMs: 5 }))).toEqual({
      code: "DEADLINE_EXCEEDED",
      message: "the call is in progress still after 5 ms",
    });
    expect(await handle.result()).toBe("b 1");
  });

  it("ends when it is cancelled, and so does its handler", async () => {
    const { client, journal } = connection;
    const handle = await client.$async.never();
    await journal.until("never began");
    expect(await handle.cancel()).toBe(true);
    expect(await handle.status()).toBe("CANCELLED");
    expect((await failureOf(() => handle.result())).code).toBe("CANCELLED");
    await journal.until("never aborted");
  });

  it("fails as the call would", async () => {
    const handle = await connection.client.$async.fail("DATA_LOSS");
    expect(await failureOf(() => handle.result())).toEqual({
      code: "DATA_LOSS",
      message: "failed with DATA_LOSS",
    });
    expect(await handle.status()).toBe("FAILED");
  });

  it("ends at its deadline", async () => {
    const handle = await connection.client.$with({ timeoutMs: 20 }).$async.never();
    expect((await failureOf(() => handle.result())).code).toBe("DEADLINE_EXCEEDED");
    expect(await handle.status()).toBe("TIMEOUT");
  });
});

describe.each(WAYS)("a batch, $name", ({ connect }) => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect();
  });
  afterEach(() => connection.close());

  it("has an outcome for each call, in their order", async () => {
    const outcomes = await connection.client.$batch((calls) => [
      calls.twice(1n),
      calls.fail("ABORTED"),
      calls.greet("Ada"),
      calls.greet(5 as unknown as string),
    ]);
    expect(outcomes).toEqual([
      { status: "fulfilled", value: 2n },
      { status: "rejected", reason: expect.objectContaining({ code: "ABORTED" }) },
      { status: "fulfilled", value: "Hello, Ada" },
      { status: "rejected", reason: expect.objectContaining({ code: "INVALID_ARGUMENT" }) },
    ]);
  });

  it("ends each call at its own deadline", async () => {
    const { client } = connection;
    const [late, done] = await client
      .$with({ timeoutMs: 100 })
      .$batch((calls) => [calls.never(), calls.twice(2n)]);
    expect(late).toMatchObject({ status: "rejected", reason: { code: "DEADLINE_EXCEEDED" } });
    expect(done).toEqual({ status: "fulfilled", value: 4n });
  });
});
