import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { cdef } from "../../../src/ffi/index.js";
import { dlopen, HelperEndedError, Isolate } from "../../../src/isolate/index.js";
import { crashesLibrary } from "../../support/compile.js";

const TIMES = "int crash_times(unsigned char *left, int x)";
const NEVER = "int crash_never(int x)";
const options = { maxRestarts: 3, restartDelayMs: 0, timeoutMs: 500 };

/** A crash is counted in memory that outlives the helper. */
function open(more: { readonly repeatWaiting?: boolean } = {}) {
  const isolate = new Isolate({ ...options, ...more });
  const left = isolate.allocate(1);
  const { functions } = dlopen(
    crashesLibrary,
    {
      once: { declaration: NEVER },
      again: { declaration: TIMES, idempotent: true },
    },
    { isolate },
  );
  const { functions: plain } = dlopen(
    crashesLibrary,
    { times: TIMES, loop: { declaration: "void crash_loop(void)", idempotent: true } },
    { isolate },
  );
  return { isolate, left, ...functions, ...plain };
}

describe("a call of an idempotent function that its helper did not survive", () => {
  const { isolate, left, again, once, times, loop } = open();
  const other = new Isolate(options);
  afterAll(() => {
    isolate.close();
    other.close();
  });
  beforeEach(() => {
    left[0] = 0;
  });
  afterEach(async () => {
    await expect(once(1)).resolves.toBe(2);
  });

  it("is made once more, in the next helper", async () => {
    const [before] = isolate.processIds;
    for (const call of [() => again(left, 1), () => again.sync(left, 1)]) {
      left[0] = 1;
      expect(await call()).toBe(2);
      expect(left[0]).toBe(0);
    }
    expect(isolate.processIds).not.toEqual([before]);
  });

  it("fails if the next one does not survive it either", async () => {
    for (const call of [() => again(left, 1), async () => again.sync(left, 1)]) {
      left[0] = 2;
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(HelperEndedError);
      expect(error).toMatchObject({ functionName: "crash_times", mayHaveBegun: true });
      expect(left[0]).toBe(0);
      await once(1);
    }
  });

  it("is not made again if it took too long", async () => {
    await expect(loop()).rejects.toMatchObject({ code: "ERR_ISOLATE_TIMEOUT" });
    expect(() => loop.sync()).toThrow(expect.objectContaining({ code: "ERR_ISOLATE_TIMEOUT" }));
  });

  it("is made again also where it waited behind the one that ended the helper", async () => {
    await Promise.all([times(left, 1), again(left, 2)]);
    left[0] = 1;
    const settled = await Promise.allSettled([times(left, 1), again(left, 2), once(3)]);
    expect(settled).toMatchObject([
      { status: "rejected", reason: { mayHaveBegun: true } },
      { status: "fulfilled", value: 3 },
      { status: "rejected", reason: { mayHaveBegun: false } },
    ]);
  });

  it("has its arguments passed anew", async () => {
    // Copies for the call, in which the helper counts down: each call starts from the caller's own.
    const own = Uint8Array.of(1);
    await expect(again(own, 1)).rejects.toMatchObject({ code: "ERR_ISOLATE_ENDED" });
    expect(own[0]).toBe(1);
  });

  it("is not made again once its signal has aborted", async () => {
    left[0] = 1;
    const controller = new AbortController();
    const calls = [again(left, 1), again.async.abortable(controller.signal, left, 2)];
    controller.abort(new Error("enough"));
    const settled = await Promise.allSettled(calls);
    expect(settled[0]).toMatchObject({ status: "fulfilled", value: 2 });
    expect(settled[1]).toMatchObject({ status: "rejected" });
  });

  it("is within what maxRestarts allows", async () => {
    const limited = new Isolate({ maxRestarts: 0 });
    const { functions } = dlopen(
      crashesLibrary,
      { again: { declaration: TIMES, idempotent: true } },
      { isolate: limited },
    );
    const count = limited.allocate(1).fill(1);
    await expect(functions.again(count, 1)).rejects.toMatchObject({
      code: "ERR_ISOLATE_UNAVAILABLE",
      message: expect.stringContaining("maxRestarts (0)"),
    });
    limited.close();
  });

  it("may be declared by a signature object and by cdef, too", async () => {
    const count = other.allocate(1);
    const signature = {
      arguments: ["buffer", "int32"],
      return: "int32",
      idempotent: true,
    } as const;
    const object = dlopen(crashesLibrary, { crash_times: signature }, { isolate: other });
    const declared = cdef(`${TIMES};`, { idempotent: ["crash_times"] });
    const source = dlopen(crashesLibrary, declared, { isolate: other });
    count[0] = 1;
    expect(await object.functions.crash_times(count, 1)).toBe(2);
    count[0] = 1;
    expect(await source.functions.crash_times?.(count, 2)).toBe(3);
  });

  it("refuses an option that is none", () => {
    const wrong = { declaration: NEVER, idempotent: 1 } as unknown as { declaration: string };
    expect(() => dlopen(crashesLibrary, { f: wrong }, { isolate: other })).toThrow(
      "idempotent must be true or false, got 1",
    );
  });
});

describe("repeatWaiting", () => {
  const { isolate, left, once, times } = open({ repeatWaiting: true });
  afterAll(() => isolate.close());

  it("repeats calls that waited for their turn, and not the one that ended the helper", async () => {
    left[0] = 1;
    const more = Array.from({ length: 600 }, (_, index) => once(index));
    const settled = await Promise.allSettled([times(left, 1), ...more, times(left, 4)]);
    expect(settled.shift()).toMatchObject({ status: "rejected", reason: { mayHaveBegun: true } });
    expect(settled.pop()).toMatchObject({ status: "fulfilled", value: 5 });
    expect(settled).toEqual(more.map((_, value) => ({ status: "fulfilled", value: value + 1 })));
  });

  it("repeats calls that were being prepared, also with a function that is new", async () => {
    left[0] = 1;
    const { functions } = dlopen(crashesLibrary, { late: NEVER }, { isolate });
    const settled = await Promise.allSettled([times(left, 1), functions.late(5)]);
    expect(settled).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: 6 }]);
  });

  it("does not repeat what a second helper does not survive", async () => {
    left[0] = 2;
    const settled = await Promise.allSettled([times(left, 1), times(left, 2), times(left, 3)]);
    expect(settled.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(left[0]).toBe(0);
    await expect(times(left, 1)).resolves.toBe(2);
  });

  it("lets calls fail that wait when the isolate is closed", async () => {
    const closing = open({ repeatWaiting: true });
    // The first does not end: none of the others is finished before the isolate is closed.
    const calls = [closing.loop(), closing.once(2), closing.once(3)];
    closing.isolate.close();
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ code: "ERR_ISOLATE_UNAVAILABLE" });
    }
  });

  it("must be true or false", () => {
    const wrong = { repeatWaiting: "yes" } as unknown as { repeatWaiting: boolean };
    expect(() => new Isolate(wrong)).toThrow(
      "options.repeatWaiting must be true or false, got a string of 3 characters",
    );
  });
});
