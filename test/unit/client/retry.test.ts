import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  createClient,
  ServiceError,
  type Transport,
  type TransportRequest,
} from "../../../src/index.js";
import { failureOf } from "./servers.js";
import { Work } from "./work.js";

/** A transport that fails with the given errors, one per attempt, and then answers. */
function failing(...errors: Error[]): Transport & { readonly requests: TransportRequest[] } {
  const requests: TransportRequest[] = [];
  return {
    target: "test",
    requests,
    call: async (request) => {
      requests.push(request);
      const error = errors.shift();
      if (error !== undefined) throw error;
      return { value: "done", headers: {} };
    },
    close: async () => undefined,
  };
}

const unavailable = () => new ServiceError("UNAVAILABLE", "overloaded");

describe("a failed call", () => {
  it("of an idempotent method is repeated while the server is unavailable", async () => {
    const transport = failing(unavailable(), unavailable());
    expect(await createClient(Work, { transport }).again()).toBe("done");
    expect(transport.requests).toHaveLength(3);
  });

  it("is repeated at most `retries` times", async () => {
    const transport = failing(unavailable(), unavailable(), unavailable());
    const client = createClient(Work, { transport, retries: 1 });
    expect(await failureOf(() => client.again())).toEqual({
      code: "UNAVAILABLE",
      message: "overloaded",
    });
    expect(transport.requests).toHaveLength(2);
  });

  it("of any other method is not repeated", async () => {
    const transport = failing(unavailable());
    const client = createClient(Work, { transport });
    expect((await failureOf(() => client.once())).code).toBe("UNAVAILABLE");
    expect(transport.requests).toHaveLength(1);
  });

  it.each(["INTERNAL", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"] as const)(
    "with the answer %s is not repeated",
    async (code) => {
      const transport = failing(new ServiceError(code, "an answer"));
      const client = createClient(Work, { transport });
      expect((await failureOf(() => client.again())).code).toBe(code);
      expect(transport.requests).toHaveLength(1);
    },
  );

  it("is not repeated past its deadline, which shrinks with each attempt", async () => {
    const transport = failing(unavailable());
    await createClient(Work, { transport, timeoutMs: 10_000 }).again();
    const [first, second] = transport.requests.map(({ timeoutMs }) => timeoutMs);
    expect(first).toBe(10_000);
    expect(second).toBeLessThan(10_000);
    const late = failing(...Array.from({ length: 10 }, unavailable));
    const client = createClient(Work, { transport: late, timeoutMs: 1, retries: 10 });
    expect((await failureOf(() => client.again())).code).toBe("UNAVAILABLE");
    expect(late.requests).toHaveLength(1);
  });

  it("stops waiting for its repetition when its signal aborts", async () => {
    const controller = new AbortController();
    const transport = failing(...Array.from({ length: 10 }, unavailable));
    const client = createClient(Work, {
      transport,
      retries: 10,
      interceptors: [
        (request, next) => {
          setImmediate(() => controller.abort());
          return next(request);
        },
      ],
    });
    const failure = await failureOf(() => client.$with({ signal: controller.signal }).again());
    expect(failure.code).toBe("CANCELLED");
  });
});

describe("a server that says when to come again", () => {
  const later = (retryAfterMs: number, code: "UNAVAILABLE" | "RESOURCE_EXHAUSTED") =>
    new ServiceError(code, "overloaded", { retryAfterMs });

  it.each(["UNAVAILABLE", "RESOURCE_EXHAUSTED"] as const)(
    "with %s gets the call not before",
    async (code) => {
      const transport = failing(later(120, code));
      expect(await createClient(Work, { transport, timeoutMs: 10_000 }).again()).toBe("done");
      const [first, second] = transport.requests.map(({ timeoutMs }) => timeoutMs);
      expect((first ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(120);
    },
  );

  it("after the call's deadline gets it no more, and the caller learns when", async () => {
    const transport = failing(later(60_000, "UNAVAILABLE"));
    const call = createClient(Work, { transport }).again();
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE", retryAfterMs: 60_000 });
    expect(transport.requests).toHaveLength(1);
  });
});

it("calls of one client repeat one in five, and twenty at once", async () => {
  const transport = failing(...Array.from({ length: 1000 }, unavailable));
  const client = createClient(Work, { transport, retries: 10, timeoutMs: 60_000 });
  await Promise.all(Array.from({ length: 50 }, () => failureOf(() => client.again())));
  expect(transport.requests).toHaveLength(50 + 20);
});

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

async function listen(port: number, onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

describe("a connection", () => {
  it("that breaks after the request was sent is not tried again for a method that may act twice", async () => {
    let requests = 0;
    const port = await listen(0, (socket) => {
      socket.once("data", () => {
        requests++;
        socket.destroy();
      });
    });
    const client = createClient(Work, { baseUrl: `http://127.0.0.1:${port}` });
    const failure = await failureOf(() => client.once());
    expect(failure.code).toBe("UNAVAILABLE");
    expect(failure.message).toContain(`lost the connection to http://127.0.0.1:${port}`);
    expect(requests).toBe(1);
    expect((await failureOf(() => client.again())).code).toBe("UNAVAILABLE");
    expect(requests).toBe(1 + 3);
    await client.$close();
  });

  it("that was refused is tried again for any method: nothing was sent", async () => {
    const port = await listen(0, () => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const client = createClient(Work, { baseUrl: `http://127.0.0.1:${port}`, retries: 10 });
    const call = client.once();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await listen(port, (socket) => {
      socket.once("data", () => {
        const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
        socket.end(`${head}content-length: 6\r\n\r\n"done"`);
      });
    });
    expect(await call).toBe("done");
    await client.$close();
  });
});
