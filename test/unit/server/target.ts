import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect } from "vitest";
import { createClient, defineService, t } from "../../../src/index.js";

/** What hostile callers attack. */
export const Target = defineService({
  name: "Target",
  api: "http",
  methods: {
    echo: { parameters: [t.param("x", t.any())], result: t.any(), handler: (x) => x },
    length: {
      parameters: [t.param("text", t.string())],
      result: t.integer(),
      handler: (text) => text.length,
    },
    values: {
      parameters: [t.param("x", t.any())],
      result: t.stream(t.any()),
      idempotent: true,
      handler: async function* (x) {
        yield x;
      },
    },
    count: {
      parameters: [t.param("items", t.stream(t.any()))],
      result: t.integer(),
      handler: async (items) => {
        let count = 0;
        for await (const _ of items) count++;
        return count;
      },
    },
  },
});

/** The head of a call of `Target.echo`, but for the headers that say how long its body is. */
export const ECHO_HEAD =
  "POST /api/Target/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

const sockets: Socket[] = [];
afterEach(closeSockets);

export function closeSockets(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
}

/** A connection without any HTTP; closed after the test. */
export async function openSocket(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** All that is answered on a connection until its end, also by a reset. */
export function answerOn(socket: Socket): Promise<string> {
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
  });
  return new Promise((resolve) => socket.once("close", () => resolve(answer)));
}

/** All that is answered to some bytes until the server ends the connection. */
export async function answersTo(url: string, bytes: string | Buffer): Promise<string> {
  const socket = await openSocket(url);
  const answer = answerOn(socket);
  socket.write(bytes);
  return answer;
}

export async function stillAnswers(url: string): Promise<void> {
  await using client = createClient(Target, { baseUrl: url });
  expect(await client.length("alive")).toBe(5);
}
