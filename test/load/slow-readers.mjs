#!/usr/bin/env node
// Streams whose reader stops again and again: how far the server runs ahead, and what both sides
// hold meanwhile. It must not depend on how long the stream is. The server is a process of its own;
// this one reads. Exits with 1 if items are lost.
//
//   node --expose-gc test/load/slow-readers.mjs --items 1000000 --bytes 100
import { parseArgs } from "node:util";
import { request } from "undici";
import { createClient } from "../../dist/index.js";
import { mebibytes, memory, Process } from "./support.mjs";
import { Target } from "./target.mjs";

const { values: given } = parseArgs({
  options: {
    items: { type: "string", default: "1000000" },
    /** Of an item. */
    bytes: { type: "string", default: "100" },
    /** How often the reader stops. */
    stops: { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});
const items = Number(given.items);
const bytes = Number(given.bytes);
/** A server that has made no item for so long makes no more before the reader goes on. */
const LOOK_EVERY_MS = 50;

const server = new Process("server.mjs", { bodyLimitBytes: 2 ** 20 });
const { clear: url } = await server.ask();
const WAYS = { NDJSON: readLines, SSE: readEvents, WebSocket: readSocket };
const reports = [];
try {
  for (const [name, read] of Object.entries(WAYS)) {
    const report = await measure(name, read);
    reports.push(report);
    if (!given.json) print(report);
  }
} finally {
  server.end();
}
if (given.json) console.log(JSON.stringify(reports));
process.exitCode = reports.every(({ received }) => received === items) ? 0 : 1;

async function measure(name, read) {
  // What is loaded and compiled at the first use is no growth.
  await readAll(read(2_000));
  const before = { server: await server.ask("memory"), reader: await memory() };
  const most = { ahead: 0, server: 0, reader: 0, serverResident: 0 };
  const every = Math.ceil(items / (Number(given.stops) + 1));
  let received = 0;
  for await (const count of read(items)) {
    const stopsBefore = Math.floor(received / every);
    received += count;
    if (Math.floor(received / every) === stopsBefore || received === items) continue;
    const produced = await settled();
    const now = { server: await server.ask("memory"), reader: await memory() };
    most.ahead = Math.max(most.ahead, produced - received);
    most.server = Math.max(most.server, now.server.live - before.server.live);
    most.reader = Math.max(most.reader, now.reader.live - before.reader.live);
    most.serverResident = Math.max(most.serverResident, now.server.rss - before.server.rss);
  }
  return { name, received, ...most };
}

/** How many items the server has made, once it makes no more. */
async function settled() {
  for (let last = -1; ; ) {
    const produced = await server.ask("produced");
    if (produced === last) return produced;
    last = produced;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function readAll(counts) {
  let sum = 0;
  for await (const count of counts) sum += count;
  return sum;
}

/** How many items came, again and again. */
async function* readLines(count) {
  yield* readClient(url, count);
}

async function* readSocket(count) {
  yield* readClient(url.replace("http:", "ws:"), count);
}

async function* readClient(baseUrl, count) {
  const client = createClient(Target, { baseUrl });
  try {
    for await (const item of client.items(count, bytes)) yield item.length === bytes ? 1 : 0;
  } finally {
    await client.$close();
  }
}

/** As EventSource of a browser asks, which has no way to be slow. */
async function* readEvents(count) {
  const path = `${url}/api/Target/items?count=${count}&bytes=${bytes}`;
  const { body } = await request(path, { headers: { accept: "text/event-stream" } });
  let rest = "";
  for await (const chunk of body) {
    const events = (rest + chunk).split("\n\n");
    rest = events.pop();
    yield events.filter((event) => !event.includes("\nevent: ")).length;
  }
}

function print({ name, received, ahead, server, reader, serverResident }) {
  console.log(`${name}: ${received} of ${items} items of ${bytes} bytes`);
  console.log(`  the server ran ahead by ${ahead} items at most`);
  const held = [server, reader, serverResident].map(mebibytes);
  console.log(`  more in use than before: server ${held[0]}, reader ${held[1]}`);
  console.log(`  more resident than before: server ${held[2]}`);
}
