// Callers who do nothing wrong, one call after the other: how long they wait, and whether they are
// answered rightly.
import { createClient } from "../../dist/index.js";
import { answer, takeTask } from "./support.mjs";
import { Target } from "./target.mjs";

const CALLERS = 4;
const PAUSE_MS = 5;

const { urls, ca } = await takeTask();
const clients = [
  createClient(Target, { baseUrl: urls.clear }),
  createClient(Target, { baseUrl: urls.secure, tls: { ca }, http2: true }),
  createClient(Target, { baseUrl: urls.clear.replace("http:", "ws:") }),
];
let latencies = [];
let wrong = 0;

for (let caller = 0; caller < CALLERS; caller++) repeat(clients[caller % clients.length], caller);

async function repeat(client, caller) {
  const text = "x".repeat(100 + caller);
  for (;;) {
    const begin = performance.now();
    const length = await client.length(text).catch((error) => error);
    latencies.push(performance.now() - begin);
    if (length !== text.length) wrong++;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** What was measured since the last time. */
function take() {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const taken = { calls: sorted.length, wrong, p50: at(0.5) ?? 0, p99: at(0.99) ?? 0 };
  latencies = [];
  wrong = 0;
  return taken;
}

answer("ready", { take });
