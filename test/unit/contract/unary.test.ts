import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SERVICE_CODES } from "../../../src/index.js";
import { failureOf } from "../client/servers.js";
import { type Connection, WAYS } from "./ways.js";

const CALLS = Number(process.env.NEARFAR_CONTRACT_CALLS ?? 1_000);

describe.each(WAYS)("a call, $name", ({ connect, isFar }) => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect();
  });
  afterEach(() => connection.close());

  it("keeps values of every kind", async () => {
    const value = { id: 2n ** 60n, at: new Date(5), bytes: new Uint8Array([0, 255]) };
    const result = await connection.client.echo(value);
    expect({ ...result, bytes: [...result.bytes] }).toEqual({ ...value, bytes: [0, 255] });
  });

  it("gives a handler defaults, and bigints where numbers were passed", async () => {
    expect(await connection.client.greet("Ada")).toBe("Hello, Ada");
    expect(await connection.client.greet("Ada", "Hi")).toBe("Hi, Ada");
    expect(await connection.client.twice(21)).toBe(42n);
  });

  it("gives plain bytes and bigints, whatever they were passed in", async () => {
    const { client } = connection;
    const kinds = client.kinds as (...args: unknown[]) => Promise<string[]>;
    const bytes = "[object Uint8Array]";
    for (const given of [new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), Buffer.from("ab")]) {
      expect(await kinds(given, given)).toEqual([bytes, bytes]);
    }
    expect(await kinds(new ArrayBuffer(2), "text")).toEqual([bytes, "[object String]"]);
    expect(await client.loose()).toBe(5n);
    const result = await client.looseBytes();
    expect(result).toBeInstanceOf(Uint8Array);
    expect(result).toHaveLength(2);
  });

  it.each([
    ["a Map", new Map([["size", 1]])],
    ["a Set", new Set()],
    ["a promise", Promise.resolve({ size: 1 })],
    ["a Date", new Date()],
    ["a RegExp", /x/],
  ])("refuses %s for an object, which JSON would empty", async (kind, value) => {
    const { options, counts, anything } = connection.client as unknown as Record<
      "options" | "counts" | "anything",
      (value: unknown) => Promise<unknown>
    >;
    const refused = (name: string, expected: string) => ({
      code: "INVALID_ARGUMENT",
      message: `argument 1 (${name}) must be ${expected}, got ${kind}`,
    });
    expect(await failureOf(() => options(value))).toEqual(refused("options", "an object"));
    expect(await failureOf(() => counts(value))).toEqual(refused("counts", "an object"));
    expect(await failureOf(() => anything(value))).toEqual(refused("value", "a JSON value"));
  });

  it("refuses arguments with the same words", async () => {
    const greet = connection.client.greet as (...args: unknown[]) => Promise<string>;
    expect(await failureOf(() => greet(5))).toEqual({
      code: "INVALID_ARGUMENT",
      message: "argument 1 (name) must be a string, got 5",
    });
    expect(await failureOf(() => greet())).toEqual({
      code: "INVALID_ARGUMENT",
      message: "expected 1 to 2 arguments, got 0",
    });
  });

  it("refuses a result that does not fit", async () => {
    expect(await failureOf(() => connection.client.wrong())).toEqual({
      code: "INTERNAL",
      message: "result must be a string, got 5",
    });
  });

  it.each(Object.keys(SERVICE_CODES).filter((code) => code !== "OK"))(
    "fails with %s",
    async (code) => {
      expect(await failureOf(() => connection.client.fail(code))).toEqual({
        code,
        message: `failed with ${code}`,
      });
    },
  );

  it("does not tell what a handler threw by accident", async () => {
    expect(await failureOf(() => connection.client.crash())).toEqual({
      code: "INTERNAL",
      message: "Contract.crash failed",
    });
  });

  it("ends at its deadline, and so does its handler", async () => {
    const { client, journal } = connection;
    expect(await failureOf(() => client.$with({ timeoutMs: 100 }).never())).toEqual({
      code: "DEADLINE_EXCEEDED",
      message: "no answer within 100 ms",
    });
    await journal.until("never aborted");
  });

  it("ends with its signal, and so does its handler", async () => {
    const { client, journal } = connection;
    const controller = new AbortController();
    const call = client.$with({ signal: controller.signal }).never();
    await journal.until("never began");
    controller.abort(new Error("changed my mind"));
    const failure = await failureOf(() => call);
    expect(failure).toEqual({ code: "CANCELLED", message: "the call was cancelled" });
    await journal.until("never aborted");
  });

  it("is not begun with a signal that has aborted", async () => {
    const { client, journal } = connection;
    const failure = await failureOf(() => client.$with({ signal: AbortSignal.abort() }).never());
    expect(failure.code).toBe("CANCELLED");
    expect(journal.entries).toEqual([]);
  });

  it("brings metadata to its handler", async () => {
    const { client } = connection;
    const headers = { "x-tenant": "acme" };
    expect(await client.$with({ headers }).metadata("x-tenant")).toBe("acme");
    expect(await client.metadata("x-tenant")).toBe(null);
  });

  it(`is one of ${CALLS} at once`, async () => {
    // As long as the test may take: what is asked is whether all are answered.
    const patient = connection.client.$with({ timeoutMs: 60_000 });
    const calls = Array.from({ length: CALLS }, (_, i) => patient.twice(BigInt(i)));
    const results = await Promise.all(calls);
    expect(results.every((result, i) => result === BigInt(i) * 2n)).toBe(true);
  });

  it(isFar ? "shares nothing with its handler" : "shares its values with its handler", async () => {
    const bytes = new Uint8Array([1]);
    const result = await connection.client.echo({ id: 1n, at: new Date(0), bytes });
    expect(result.bytes === bytes).toBe(!isFar);
  });
});
