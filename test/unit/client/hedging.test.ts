import { describe, expect, it } from "vitest";
import {
  createClient,
  ServiceError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "../../../src/index.js";
import { failureOf } from "./servers.js";
import { Work } from "./work.js";

type Attempt = (request: TransportRequest) => Promise<TransportResponse>;

const answers =
  (value: string, afterMs = 0): Attempt =>
  () =>
    new Promise((resolve) => setTimeout(() => resolve({ value, headers: {} }), afterMs));

const fails: Attempt = () => Promise.reject(new ServiceError("ABORTED", "failed"));

/** Never answers, but notices that it is cancelled. */
const hangs: Attempt = ({ signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new ServiceError("CANCELLED", "cancelled")));
  });

function transportOf(...attempts: Attempt[]): Transport & { readonly sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  return {
    target: "test",
    sent,
    call: (request) => {
      sent.push(request);
      return (attempts.shift() ?? hangs)(request);
    },
    close: async () => undefined,
  };
}

function clientOf(transport: Transport, retries = 0) {
  return createClient(Work, { transport, hedgeAfterMs: 20, retries });
}

describe("hedging", () => {
  it("sends an idempotent call again that has no answer, and cancels what is not needed", async () => {
    const transport = transportOf(hangs, answers("second"));
    expect(await clientOf(transport).again()).toBe("second");
    expect(transport.sent).toHaveLength(2);
    expect(transport.sent[0]?.signal?.aborted).toBe(true);
    expect(transport.sent[1]?.timeoutMs).toBe(30_000 - 20);
  });

  it("takes the first answer, be it that of the first attempt", async () => {
    const transport = transportOf(answers("first", 60), hangs);
    expect(await clientOf(transport).again()).toBe("first");
    expect(transport.sent[1]?.signal?.aborted).toBe(true);
  });

  it("tells the call's own time where both attempts are late", async () => {
    const late =
      (moreMs: number): Attempt =>
      ({ timeoutMs }) =>
        new Promise((_, reject) => {
          const error = new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`);
          setTimeout(() => reject(error), timeoutMs + moreMs);
        });
    const failure = await failureOf(() =>
      clientOf(transportOf(late(0), late(20)))
        .$with({ timeoutMs: 100 })
        .again(),
    );
    expect(failure).toEqual({ code: "DEADLINE_EXCEEDED", message: "no answer within 100 ms" });
  });

  it("waits for the other attempt where one fails", async () => {
    const slowFailure: Attempt = async (request) => {
      await answers("", 40)(request);
      return fails(request);
    };
    const transport = transportOf(slowFailure, answers("second", 60));
    expect(await clientOf(transport).again()).toBe("second");
  });

  it("fails with the first attempt's error before there is a second", async () => {
    const transport = transportOf(fails);
    expect((await failureOf(() => clientOf(transport).again())).code).toBe("ABORTED");
    expect(transport.sent).toHaveLength(1);
  });

  it("ends both attempts when the caller cancels", async () => {
    const transport = transportOf(hangs, hangs);
    const controller = new AbortController();
    const call = clientOf(transport).$with({ signal: controller.signal }).again();
    setTimeout(() => controller.abort(), 60);
    expect((await failureOf(() => call)).code).toBe("CANCELLED");
    expect(transport.sent.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
  });

  it("leaves alone what may not be done twice, and what is due before", async () => {
    const transport = transportOf(answers("once", 50), answers("again", 5));
    const client = clientOf(transport);
    expect(await client.once()).toBe("once");
    expect(await client.$with({ timeoutMs: 10 }).again()).toBe("again");
    expect(transport.sent).toHaveLength(2);
  });

  it("does not multiply the load: one call in five, and some in advance", async () => {
    const transport = transportOf(...Array.from({ length: 200 }, () => answers("slow", 60)));
    const client = clientOf(transport);
    await Promise.all(Array.from({ length: 100 }, () => client.again()));
    expect(transport.sent.length).toBeLessThanOrEqual(100 + 20);
    expect(transport.sent.length).toBeGreaterThan(100);
  });
});
