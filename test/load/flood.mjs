#!/usr/bin/env node
// A flood of bad requests over HTTP/1.1, HTTP/2 and WebSocket: does each get what it deserves, does
// the server's memory stay, and what do good callers notice? The server and the good callers are
// processes of their own. Exits with 1 for a wrong answer to anybody.
//
//   node test/load/flood.mjs --requests 100000 --rate 500
import { parseArgs } from "node:util";
import { overHttp1, overHttp2, overWebSocket } from "./attackers.mjs";
import { BAD_MESSAGES, BAD_REQUESTS, BODY_LIMIT_BYTES } from "./bad-requests.mjs";
import { makeCertificate, mebibytes, Process } from "./support.mjs";

const { values: given } = parseArgs({
  options: {
    requests: { type: "string", default: "100000" },
    /** Requests a second; 0: as fast as they are answered, when the processors are the limit. */
    rate: { type: "string", default: "0" },
    /** How long good callers are alone, before. */
    calm: { type: "string", default: "5000" },
    json: { type: "boolean", default: false },
  },
});
const requests = Number(given.requests);
const rate = Number(given.rate);
const HTTP_LANES = 8;

const outcomes = new Map();
const wrong = new Map();
const report = await run();
if (given.json) console.log(JSON.stringify(report));
else print(report);
process.exitCode = report.wrong.length + report.before.wrong + report.during.wrong > 0 ? 1 : 0;

async function run() {
  const tls = makeCertificate();
  const server = new Process("server.mjs", { tls, bodyLimitBytes: BODY_LIMIT_BYTES });
  const urls = await server.ask();
  const callers = new Process("good-callers.mjs", { urls, ca: tls.cert });
  try {
    await callers.ask();
    // What is loaded and compiled at the first use is no growth, and no delay by the flood.
    await flood(urls, tls.cert, Math.max(500, Math.floor(requests / 10)));
    outcomes.clear();
    const memoryBefore = await server.ask("memory");
    await callers.ask("take");
    await new Promise((resolve) => setTimeout(resolve, Number(given.calm)));
    const before = await callers.ask("take");
    const begin = performance.now();
    await flood(urls, tls.cert, requests);
    const elapsedMs = performance.now() - begin;
    const during = await callers.ask("take");
    const memoryAfter = await server.ask("memory");
    const all = { requests, elapsedMs, outcomes: [...outcomes], wrong: [...wrong] };
    return { ...all, memoryBefore, memoryAfter, before, during };
  } finally {
    server.end();
    callers.end();
  }
}

async function flood(urls, ca, count) {
  const http1 = overHttp1(urls.clear, HTTP_LANES);
  const http2 = overHttp2(urls.secure, ca);
  const lanes = [
    ...Array.from({ length: HTTP_LANES }, () => ({ name: "HTTP/1.1", way: http1 })),
    ...Array.from({ length: HTTP_LANES }, () => ({ name: "HTTP/2", way: http2 })),
    ...Array.from({ length: 4 }, () => ({ name: "WebSocket", way: overWebSocket(urls.clear) })),
  ];
  const begin = performance.now();
  let sent = 0;
  const lane = async ({ name, way }, offset) => {
    const kinds = name === "WebSocket" ? BAD_MESSAGES : BAD_REQUESTS;
    for (let index = offset; sent < count; index++) {
      sent++;
      if (rate > 0) await until(begin + (sent * 1000) / rate);
      const bad = kinds[index % kinds.length];
      const outcome = await way.send(bad).catch((error) => error.code ?? error.message);
      add(outcomes, `${name} ${outcome}`);
      const due = bad.status ?? bad.outcome;
      if (outcome !== due) add(wrong, `${name}, ${bad.name}: ${outcome}, not ${due}`);
    }
  };
  await Promise.all(lanes.map(lane));
  for (const { way } of lanes) way.close();
}

function until(time) {
  const left = time - performance.now();
  return left > 0 ? new Promise((resolve) => setTimeout(resolve, left)) : undefined;
}

function add(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function print({ elapsedMs, memoryBefore, memoryAfter, before, during }) {
  const perSecond = Math.round((requests * 1000) / elapsedMs);
  console.log(`${requests} bad requests, ${perSecond} a second`);
  for (const [outcome, count] of [...outcomes].sort()) console.log(`  ${outcome}: ${count}`);
  for (const [what, count] of wrong) console.log(`  WRONG ${what}: ${count}`);
  for (const [kind, words] of [
    ["live", "in use"],
    ["rss", "resident"],
  ]) {
    const [from, to] = [memoryBefore[kind], memoryAfter[kind]].map(mebibytes);
    console.log(`the server's memory ${words}: ${from} before, ${to} after`);
  }
  for (const [when, { calls, wrong: failed, p50, p99 }] of Object.entries({ before, during })) {
    const times = `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    console.log(`good callers ${when}: ${calls} calls, ${failed} wrong, ${times}`);
  }
  console.log(`their p99 is ${(during.p99 / before.p99).toFixed(1)} times as long`);
}
