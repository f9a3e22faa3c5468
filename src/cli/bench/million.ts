import { setImmediate as turn } from "node:timers/promises";
import type { Progress } from "../progress.js";
import type { BoundWay } from "./agreement.js";
import { createMeter } from "./measure.js";
import type { Place } from "./operations.js";
import type { HttpRate, MillionReport } from "./report.js";

const million = 1_000_000;
const chunk = 10_000; // calls between two looks at the progress bar
const messageBytes = 13;

/** Hashes a million different messages near, and as many as fit into the time far. */
export async function hashMillion(
  ways: readonly BoundWay[],
  sampleMs: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<MillionReport> {
  const near = ways.find(({ way }) => way === "near");
  const http: HttpRate[] = [];
  for (const { way, place } of ways) {
    if (way !== "tcp" && way !== "tcp-64") continue;
    progress.update(0, `one million hashes: sampling the rate of ${way}`);
    http.push({ way, ...(await sampleRate(place, way === "tcp" ? 1 : 64, sampleMs, signal)) });
  }
  const seconds = near && (await hashNear(near.place, progress, signal));
  return {
    bytes: messageBytes,
    near: seconds === undefined ? undefined : { calls: million, seconds },
    http,
  };
}

/** Seconds that a million calls take, without the time that the progress bar takes. */
async function hashNear(place: Place, progress: Progress, signal: AbortSignal): Promise<number> {
  const nextMessage = messages();
  const digests = new Set<unknown>();
  let elapsedMs = 0;
  for (let done = 0; done < million; done += chunk) {
    signal.throwIfAborted();
    progress.update(done / million, "one million hashes, near");
    let last: unknown;
    const start = performance.now();
    for (let index = 0; index < chunk; index++) last = place.crypto.hash_data(nextMessage());
    elapsedMs += performance.now() - start;
    digests.add(last);
    await turn();
  }
  if (digests.size !== million / chunk) throw new Error("different messages had the same hash");
  return elapsedMs / 1e3;
}

async function sampleRate(
  place: Place,
  inFlight: number,
  sampleMs: number,
  signal: AbortSignal,
): Promise<Omit<HttpRate, "way">> {
  const nextMessage = messages();
  // A copy of each message: a call that is still in flight reads its own.
  const call = () => place.crypto.hash_data(nextMessage().slice());
  const meter = createMeter({ kind: "promise", call, inFlight });
  await meter.runSlice(sampleMs, signal);
  const { calls, callsPerSecond } = meter.read();
  return { sampledCalls: calls, callsPerSecond, extrapolatedSeconds: million / callsPerSecond };
}

/** The same bytes with a number counted up in them: each message differs from all others. */
function messages(): () => Uint8Array {
  const message = new Uint8Array(messageBytes);
  const view = new DataView(message.buffer);
  let number = 0;
  return () => {
    view.setUint32(0, number++);
    return message;
  };
}
