import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { compileLoop } from "../../../../src/cli/bench/loop.js";
import { type Caller, createMeter } from "../../../../src/cli/bench/measure.js";

const { signal } = new AbortController();

describe("compileLoop", () => {
  it("calls as often as it is told and counts the results", () => {
    let calls = 0;
    const loop = compileLoop(() => (++calls % 4 === 0 ? undefined : calls));
    expect(loop(8)).toBe(6);
    expect(calls).toBe(8);
  });
});

describe("a meter", () => {
  it.each([
    ["sync", 1],
    ["promise", 1],
    ["promise", 64],
  ] as const)("of %s calls, %d in flight, accounts for every call", async (kind, inFlight) => {
    let calls = 0;
    const call = () => ++calls;
    const caller: Caller =
      kind === "sync" ? { kind, call } : { kind, inFlight, call: async () => turn(call()) };
    const meter = createMeter(caller);
    await meter.warmUp(1, signal);
    const warmUpCalls = calls;
    await meter.runSlice(5, signal);
    await meter.runSlice(5, signal);

    const reading = meter.read();
    expect(reading.calls).toBe(calls - warmUpCalls);
    expect(reading.calls).toBe(reading.samples * reading.callsPerSample);
    expect(reading.samples).toBeGreaterThanOrEqual(2 * inFlight);
    expect(reading.callsPerSecond).toBeGreaterThan(0);
    expect(reading.p50).toBeLessThanOrEqual(reading.p95);
    expect(reading.p95).toBeLessThanOrEqual(reading.p99);
  });

  it("keeps exactly as many calls in flight as asked", async () => {
    let inFlight = 0;
    let most = 0;
    const call = async () => {
      most = Math.max(most, ++inFlight);
      await turn();
      inFlight--;
      return true;
    };
    const meter = createMeter({ kind: "promise", inFlight: 64, call });
    await meter.runSlice(5, signal);
    expect(most).toBe(64);
    expect(inFlight).toBe(0);
  });

  it.each([
    ["sync", { kind: "sync", call: () => undefined }],
    ["promise", { kind: "promise", inFlight: 1, call: async () => undefined }],
    ["concurrent", { kind: "promise", inFlight: 2, call: async () => undefined }],
  ] as const)("of %s calls refuses a call without a result", async (_, caller) => {
    await expect(createMeter(caller).runSlice(1, signal)).rejects.toThrow("had no result");
  });

  it.each([1, 64])("of promise calls, %d in flight, stops when aborted", async (inFlight) => {
    const controller = new AbortController();
    let calls = 0;
    const call = async () => {
      if (++calls === 100) controller.abort(new Error("interrupted"));
      return turn(true);
    };
    const meter = createMeter({ kind: "promise", inFlight, call });
    const hour = 3_600_000;
    await expect(meter.runSlice(hour, controller.signal)).rejects.toThrow("interrupted");
    expect(calls).toBeLessThan(100 + 2 * inFlight);
  });
});
