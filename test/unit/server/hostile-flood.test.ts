import { Pool } from "undici";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient } from "../../../src/index.js";
import { CryptoService } from "../../../src/services/index.js";
import { type Running, startNearfar } from "../cli/run.js";

/** NEARFAR_FLOOD=100000 for the whole of it. */
const REQUESTS = Number(process.env.NEARFAR_FLOOD ?? 1_000);
const WARM_UP = 500;
const MEBIBYTE = 1024 * 1024;

let running: Running;
let url: string;
beforeAll(async () => {
  running = await startNearfar(["serve", "--port", "0", "--metrics"], "curl");
  url = /serves on (\S+)\n/.exec(running.output)?.[1] ?? "";
});
afterAll(() => running.stop("SIGKILL"));

const PATH = "/api/CryptoService/hash_data";
const json = { "content-type": "application/json" };

/** Requests that are wrong in some way each, and the statuses that they deserve. */
const BAD = [
  { path: PATH, headers: json, body: "[", statuses: [400] },
  { path: PATH, headers: json, body: "", statuses: [400] },
  { path: PATH, headers: json, body: '[{"__proto__": 1}]', statuses: [400] },
  { path: PATH, headers: json, body: "[".repeat(100_000), statuses: [400] },
  { path: PATH, headers: json, body: '["x", "no-such-hash"]', statuses: [400] },
  { path: PATH, headers: json, body: `["${"x".repeat(10_000)}", 5]`, statuses: [400] },
  { path: PATH, headers: { "content-type": "text/plain" }, body: "x", statuses: [415] },
  { path: `${PATH}${"x".repeat(500)}`, headers: json, body: "[]", statuses: [404, 414] },
  { path: "/api/%ff/x", headers: json, body: "[]", statuses: [400] },
  { path: PATH, headers: { ...json, "nearfar-timeout-ms": "-1" }, body: '["x"]', statuses: [400] },
] as const;

async function flood(count: number): Promise<void> {
  const pool = new Pool(url, { connections: 20 });
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const bad = BAD[next++ % BAD.length] ?? BAD[0];
      const { path, headers, body } = bad;
      const response = await pool.request({ method: "POST", path, headers, body });
      await response.body.dump();
      expect(bad.statuses).toContain(response.statusCode);
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  await pool.close();
}

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1]);
}

it("bad requests get their statuses, good callers their answers, and memory stays", {
  timeout: 600_000,
}, async () => {
  await flood(WARM_UP);
  const before = await residentBytes();
  let isOver = false;
  const flooding = flood(REQUESTS).finally(() => {
    isOver = true;
  });
  await using client = createClient(CryptoService, { baseUrl: url, mode: "http" });
  let answered = 0;
  while (!isOver) {
    expect(await client.hash_data(`message ${answered}`)).toMatch(/^[0-9a-f]{64}$/);
    answered++;
  }
  await flooding;
  expect(answered).toBeGreaterThan(0);
  // Room for what the collector has not come to yet.
  expect((await residentBytes()) - before).toBeLessThan(100 * MEBIBYTE);
});
